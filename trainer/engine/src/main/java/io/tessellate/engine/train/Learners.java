package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.Encoder;
import io.tessellate.engine.model.LanguageModel;
import io.tessellate.engine.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/** The passes of one run: for each objective its learner, with memory that is made when first asked for. */
final class Learners implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final Encoder encoder;
    private @Nullable LanguageModel language;

    Learners(Backend backend, ModelConfig config) {
        this.backend = backend;
        this.config = config;
        this.encoder = new Encoder(backend, config);
    }

    /** The learner of an objective; UNSUPPORTED_MODEL for generation by a model that predicts no tokens. */
    Learner of(Objective objective) {
        return objective == Objective.GENERATION
                ? new CompletionLearner(language())
                : new HeadLearner(encoder, config, objective);
    }

    private LanguageModel language() {
        if (language == null) {
            language = new LanguageModel(backend, config);
        }
        return language;
    }

    Encoder encoder() {
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
