package io.tessellate.engine.objective;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scores tasks of every objective on one model: by the task's own head, or by the model's own where it has none. It owns
 * the memory of its passes; what only texts need is made when first asked for.
 */
public final class TaskScorer implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final Optional<BaseModel> base;
    private final Encoder encoder;
    private final HeadScorer heads;
    private @Nullable LanguageModel language;
    private @Nullable Tokenizer tokenizer;

    /** A scorer for the versions of a base model. */
    public TaskScorer(Backend backend, BaseModel base) {
        this(backend, base.config(), Optional.of(base));
    }

    private TaskScorer(Backend backend, ModelConfig config, Optional<BaseModel> base) {
        this.backend = backend;
        this.config = config;
        this.base = base;
        this.encoder = new Encoder(backend, config);
        this.heads = new HeadScorer(encoder, config);
    }

    /** A scorer of tasks with heads only, for a model without a tokenizer. */
    public static TaskScorer ofHeads(Backend backend, ModelConfig config) {
        return new TaskScorer(backend, config, Optional.empty());
    }

    /**
     * Scores a task; UNSUPPORTED_MODEL for generation by a model that predicts no tokens.
     *
     * @param head the task's, or none
     */
    public Score score(
            Weights weights, Head head, TrainingObjective objective, Measure measure, List<EncodedExample> examples) {
        return objective == TrainingObjective.GENERATION
                ? texts().score(weights, measure, examples)
                : heads.score(weights, head, objective, measure.metric(), examples);
    }

    private TextScorer texts() {
        if (language == null || tokenizer == null) {
            language = new LanguageModel(backend, config);
            tokenizer = Tokenizer.load(model().tokenizerFile(), config.maxPositions());
        }
        return new TextScorer(language, tokenizer, EndTokens.of(model().directory()));
    }

    private BaseModel model() {
        return base.orElseThrow(() -> new IllegalStateException("texts cannot be scored without a tokenizer"));
    }

    @Override
    public void close() {
        encoder.close();
        if (language != null) {
            language.close();
        }
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
