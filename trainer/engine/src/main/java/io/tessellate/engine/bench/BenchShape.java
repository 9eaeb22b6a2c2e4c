package io.tessellate.engine.bench;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * A model and the batch it is trained on.
 *
 * @param name for people
 * @param config of the model
 * @param batch sequences of a batch
 * @param length tokens of every sequence; none is padded
 */
public record BenchShape(String name, ModelConfig config, int batch, int length) {
    /** Checks that the model takes such a batch. */
    public BenchShape {
        if (batch < 1 || length < 1 || length > config.maxPositions()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s cannot be measured on %d sequences of %d tokens: both must be at least 1, and the model takes %d tokens"
                            .formatted(name, batch, length, config.maxPositions()));
        }
    }

    /** Tokens of a batch. */
    public int tokens() {
        return batch * length;
    }

    /** The same with the lowest so many layers alone, which {@link #name} then says. */
    public BenchShape lowest(int layers) {
        if (layers < 1 || layers > config.layers()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s has %d layers, of which %d cannot be taken".formatted(name, config.layers(), layers));
        }
        ModelConfig cut = new ModelConfig(
                config.modelType(),
                config.vocabulary(),
                config.hidden(),
                layers,
                config.heads(),
                config.intermediate(),
                config.maxPositions(),
                config.tokenTypes(),
                config.normEpsilon(),
                config.padToken(),
                config.architecture());
        return layers == config.layers()
                ? this
                : new BenchShape(
                        "%s with %d of %d layers".formatted(name, layers, config.layers()), cut, batch, length);
    }

    /** The same with other batches. */
    public BenchShape of(int sequences, int tokens) {
        return new BenchShape(name, config, sequences, tokens);
    }
}
