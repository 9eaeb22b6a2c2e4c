package io.tessellate.engine.objective;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.precision.Precision;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Scores tasks of every objective on one model, each in the precision of its measure. It owns the memory of its passes. */
public final class TaskScorer implements AutoCloseable {
    private final Function<Precision, ModelPasses> make;
    private final Map<Precision, ModelPasses> passes = new EnumMap<>(Precision.class);

    private TaskScorer(Function<Precision, ModelPasses> make) {
        this.make = make;
    }

    /** A scorer for the versions of a base model. */
    public TaskScorer(Backend backend, BaseModel base) {
        this(precision -> new ModelPasses(precision.of(backend), base));
    }

    /** A scorer of tasks with heads only, for a model without a tokenizer. */
    public static TaskScorer ofHeads(Backend backend, ModelConfig config) {
        return new TaskScorer(precision -> new ModelPasses(precision.of(backend), config));
    }

    /**
     * Scores a task; UNSUPPORTED_MODEL for generation by a model that predicts no tokens.
     *
     * @param head the task's, or none
     */
    public Score score(
            Weights weights, Head head, TrainingObjective objective, Measure measure, List<EncodedExample> examples) {
        ModelPasses those = passes.computeIfAbsent(measure.precision(), make);
        return objective.scorer(those).score(weights, head, measure, examples);
    }

    @Override
    public void close() {
        passes.values().forEach(ModelPasses::close);
        passes.clear();
    }
}
