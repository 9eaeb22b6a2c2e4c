package io.tessellate.engine.objective;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.text.LanguageModel;
import org.jspecify.annotations.Nullable;

/** The passes of one run: for each objective its learner, with memory that is made when first asked for. */
public final class Learners implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final Encoder encoder;
    private @Nullable LanguageModel language;

    public Learners(Backend backend, ModelConfig config) {
        this.backend = backend;
        this.config = config;
        this.encoder = new Encoder(backend, config);
    }

    /** The learner of an objective; UNSUPPORTED_MODEL for generation by a model that predicts no tokens. */
    public Learner of(TrainingObjective objective) {
        return objective == TrainingObjective.GENERATION
                ? new CompletionLearner(language())
                : new HeadLearner(encoder, config, objective);
    }

    private LanguageModel language() {
        if (language == null) {
            language = new LanguageModel(backend, config);
        }
        return language;
    }

    public Encoder encoder() {
        return encoder;
    }

    @Override
    public void close() {
        encoder.close();
        if (language != null) {
            language.close();
        }
    }
}
