package io.tessellate.engine.objective;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;

/** Scores tasks of every objective on one model. It owns the memory of its passes. */
public final class TaskScorer implements AutoCloseable {
    private final ModelPasses passes;

    private TaskScorer(ModelPasses passes) {
        this.passes = passes;
    }

    /** A scorer for the versions of a base model. */
    public TaskScorer(Backend backend, BaseModel base) {
        this(new ModelPasses(backend, base));
    }

    /** A scorer of tasks with heads only, for a model without a tokenizer. */
    public static TaskScorer ofHeads(Backend backend, ModelConfig config) {
        return new TaskScorer(new ModelPasses(backend, config));
    }

    /**
     * Scores a task; UNSUPPORTED_MODEL for generation by a model that predicts no tokens.
     *
     * @param head the task's, or none
     */
    public Score score(
            Weights weights, Head head, TrainingObjective objective, Measure measure, List<EncodedExample> examples) {
        return objective.scorer(passes).score(weights, head, measure, examples);
    }

    @Override
    public void close() {
        passes.close();
    }
}
