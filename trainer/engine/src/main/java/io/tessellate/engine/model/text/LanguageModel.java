package io.tessellate.engine.model.text;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.pass.KeptActivations;
import io.tessellate.engine.model.pass.KeyValueCache;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A causal language model: predicts each token from those before it. Like {@link Encoder} it holds no weights, owns the
 * memory of its passes, and is for one thread at a time.
 */
public final class LanguageModel implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final Encoder encoder;
    private final TokenHead head;

    /** A model of one configuration; UNSUPPORTED_MODEL if that does not predict tokens. */
    public LanguageModel(Backend backend, ModelConfig config) {
        this(backend, config, KeptActivations.ALL);
    }

    /** The same, saying what its training passes keep. */
    public LanguageModel(Backend backend, ModelConfig config, KeptActivations kept) {
        this(backend, config, kept, new TokenHead(backend, required(config)));
    }

    /** A model with a head of its own making, which it closes. */
    LanguageModel(Backend backend, ModelConfig config, TokenHead head) {
        this(backend, config, KeptActivations.ALL, head);
    }

    private LanguageModel(Backend backend, ModelConfig config, KeptActivations kept, TokenHead head) {
        this.backend = backend;
        this.config = config;
        this.encoder = new Encoder(backend, config, kept);
        this.head = head;
    }

    /** Floats that the head of a model takes beside its passes: logits of some tokens, and their hidden vectors. */
    public static long logitFloats(ModelConfig config) {
        return TokenHead.floats(config);
    }

    private static ModelConfig required(ModelConfig config) {
        if (!config.causal() || config.architecture().output() == Architecture.Output.NONE) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "a model of type '%s' does not predict the next token".formatted(config.modelType()));
        }
        return config;
    }

    /** What the model looks like. */
    public ModelConfig config() {
        return config;
    }

    /** The layers below the head, for other losses on the same passes' memory. */
    public Encoder encoder() {
        return encoder;
    }

    /** What follows the last token of each sequence, [sequences x vocabulary]. */
    public float[] nextTokenLogits(Weights weights, Batch batch) {
        int[] rows = new int[batch.size()];
        for (int b = 0; b < rows.length; b++) {
            rows[b] = batch.row(b, batch.length(b) - 1);
        }
        return encoder.evaluate(weights, batch, hidden -> head.logits(weights.parts(config), hidden, rows));
    }

    /** The logits at every token of one sequence, [tokens x vocabulary]. */
    public float[] logits(Weights weights, Batch batch, int sequence) {
        int[] rows = new int[batch.length(sequence)];
        for (int s = 0; s < rows.length; s++) {
            rows[s] = batch.row(sequence, s);
        }
        return encoder.evaluate(weights, batch, hidden -> head.logits(weights.parts(config), hidden, rows));
    }

    /**
     * What follows the last token of prompts, [asked x vocabulary], whose keys and values a cache keeps.
     *
     * @param kept as which sequences of the cache the first prompts are kept; the others are not
     * @param asked the prompts whose logits are wanted
     */
    float[] promptLogits(Weights weights, Batch prompts, KeyValueCache cache, int[] kept, int[] asked) {
        int[] last = IntStream.of(asked)
                .map(b -> prompts.row(b, prompts.length(b) - 1))
                .toArray();
        return encoder.evaluatePrompts(
                weights, prompts, cache, kept, hidden -> head.logits(weights.parts(config), hidden, last));
    }

    /** What follows one more token of each sequence that a cache holds, [sequences x vocabulary]. */
    float[] nextLogits(Weights weights, int[] ids, int[] positions, KeyValueCache cache) {
        int[] rows = IntStream.range(0, ids.length).toArray();
        return encoder.evaluateNext(
                weights, ids, positions, cache, hidden -> head.logits(weights.parts(config), hidden, rows));
    }

    /** For each sequence the summed loss, -log p, of its tokens that count. */
    public double[] losses(Weights weights, Completions completions) {
        return encoder.evaluate(weights, completions.batch(), hidden -> losses(weights, completions, hidden));
    }

    private double[] losses(Weights weights, Completions completions, Matrix hidden) {
        double[] losses = new double[completions.batch().size()];
        for (int b = 0; b < losses.length; b++) {
            losses[b] = head.loss(weights.parts(config), hidden, completions, completions.of(b));
        }
        return losses;
    }

    /** The same with what they follow from, of examples that have as many sequences each. */
    public List<Likelihoods> likelihoods(Weights weights, Completions completions, int examples) {
        return encoder.evaluate(weights, completions.batch(), hidden -> {
            double[] losses = losses(weights, completions, hidden);
            int each = losses.length / examples;
            return IntStream.range(0, examples)
                    .mapToObj(example -> new Likelihoods(
                            Arrays.copyOfRange(losses, example * each, (example + 1) * each),
                            completions.predicting(hidden, example * each, (example + 1) * each)))
                    .toList();
        });
    }

    /**
     * Adds the gradients of {@code scale} times the mean loss over all tokens that count.
     *
     * @param dropout of hidden values on the way
     * @return the mean loss, not scaled; 0 if no token counts
     */
    public StepResult backward(
            Weights weights, Completions completions, double scale, Dropout dropout, Gradients gradients) {
        int count = Math.max(1, completions.count());
        return encoder.backward(
                weights,
                completions.batch(),
                dropout,
                gradients,
                (hidden, gradient) -> head.backward(
                                weights.parts(config),
                                hidden,
                                completions,
                                (float) (scale / count),
                                gradient,
                                TokenHead.trained(config, gradients))
                        / count);
    }

    /** The head, for passes that keep what they have seen. */
    TokenHead head() {
        return head;
    }

    Backend backend() {
        return backend;
    }

    @Override
    public void close() {
        encoder.close();
        head.close();
    }
}
