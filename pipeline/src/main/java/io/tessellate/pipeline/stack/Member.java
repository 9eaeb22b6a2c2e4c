package io.tessellate.pipeline.stack;

/** A service of the stack. */
public enum Member {
    /** Task topics to closed datasets. */
    INGEST,
    /** The mask registry. */
    REGISTRY,
    /** Training. */
    WORKER,
    /** Measuring, and the dashboard. */
    EVALUATOR,
    /** Answering questions to trained tasks. */
    PREDICTOR
}
