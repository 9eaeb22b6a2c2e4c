package io.tessellate.engine.objective;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.pass.KeptActivations;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The passes of one model and what reads and writes its texts; what only texts need is made when first asked for. */
public final class ModelPasses implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final KeptActivations kept;
    private final Optional<BaseModel> base;
    private final Encoder encoder;
    private @Nullable LanguageModel language;
    private @Nullable Tokenizer tokenizer;

    /** Passes of a model whose tokenizer is not at hand, which is not needed to learn. */
    public ModelPasses(Backend backend, ModelConfig config) {
        this(backend, config, KeptActivations.ALL);
    }

    /** The same, saying what training passes keep. */
    public ModelPasses(Backend backend, ModelConfig config, KeptActivations kept) {
        this(backend, config, kept, Optional.empty());
    }

    /** Passes of a base model and its versions. */
    public ModelPasses(Backend backend, BaseModel base) {
        this(backend, base.config(), KeptActivations.ALL, Optional.of(base));
    }

    private ModelPasses(Backend backend, ModelConfig config, KeptActivations kept, Optional<BaseModel> base) {
        this.backend = backend;
        this.config = config;
        this.kept = kept;
        this.base = base;
        this.encoder = new Encoder(backend, config, kept);
    }

    /** What the model looks like. */
    public ModelConfig config() {
        return config;
    }

    /** The pass to features and through heads. */
    public Encoder encoder() {
        return encoder;
    }

    /** The pass to tokens; UNSUPPORTED_MODEL if the model predicts none. */
    public LanguageModel language() {
        if (language == null) {
            language = new LanguageModel(backend, config, kept);
        }
        return language;
    }

    /** The tokenizer, which cuts nothing that the model could read. */
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = Tokenizer.load(model().tokenizerFile(), config.maxPositions());
        }
        return tokenizer;
    }

    /** The tokens that end a text. */
    public Set<Integer> ends() {
        return EndTokens.of(model().directory());
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
