package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenInput;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.HeadLoss;
import io.tessellate.engine.model.head.OutputLoss;
import io.tessellate.engine.model.head.Pooling;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the layers of a transformer, encoder or decoder, forward and backward. It owns the memory of its passes, which it reuses from batch to batch, and holds
 * no weights. For one thread at a time; several encoders may run side by side. The same inputs give the same bits; one
 * example's results may differ in the last bits between batches of different shape.
 */
public final class Encoder implements AutoCloseable {
    private final ModelConfig config;
    private final ForwardPass forward;
    private final Backend backend;
    private final Workspace workspace;

    /** An encoder for models of one configuration, which keeps all activations of a training pass. */
    public Encoder(Backend backend, ModelConfig config) {
        this(backend, config, KeptActivations.ALL);
    }

    /** An encoder for models of one configuration. */
    public Encoder(Backend backend, ModelConfig config, KeptActivations kept) {
        this(backend, config, kept, backend.memory().largest());
    }

    /** One whose passes take vectors of at most so many floats, unless a matrix has more. */
    Encoder(Backend backend, ModelConfig config, KeptActivations kept, int largest) {
        this.backend = backend;
        this.config = config;
        this.forward = new ForwardPass(backend, config);
        this.workspace = new Workspace(backend, config, kept, largest);
    }

    /** Width of the features a {@link Head} sees that reads all there are. */
    public static int features(ModelConfig config) {
        return Features.TOKEN_AND_MEAN.width(config.hidden());
    }

    /** The features of each example, [examples x features]: first token's vector, then the mean over real tokens. */
    public float[] features(Weights weights, Batch batch) {
        return features(weights, batch, Features.TOKEN_AND_MEAN);
    }

    private float[] features(Weights weights, Batch batch, Features wanted) {
        Pooling pooling = Pooling.of(batch, config, wanted);
        return evaluate(weights, batch, ReadRows.of(pooling, config), pooling::features);
    }

    /** The logits of each example, [examples x labels]. */
    public float[] logits(Weights weights, Head head, Batch batch) {
        return head.logits(features(weights, batch, Features.of(head, config)));
    }

    /** Runs forward only and hands over the last hidden vectors, which stay valid until the function returns. */
    public <T> T evaluate(Weights weights, Batch batch, Function<Matrix, T> reader) {
        return evaluate(weights, batch, null, reader);
    }

    private <T> T evaluate(Weights weights, Batch batch, @Nullable ReadRows read, Function<Matrix, T> reader) {
        AttentionStep attention = new AttentionStep.Within(backend, batch, Dropout.none(), read);
        return evaluate(weights, batch.tokens(), PassShape.of(batch, config, read), attention, reader);
    }

    /** The same of prompts, of which a cache keeps the keys and values of the first as those of some sequences. */
    public <T> T evaluatePrompts(
            Weights weights, Batch prompts, KeyValueCache cache, int[] kept, Function<Matrix, T> reader) {
        PassShape shape = PassShape.of(prompts, config, null);
        return evaluate(weights, prompts.tokens(), shape, cache.prompts(prompts, kept), reader);
    }

    /** The same of one more token, at the next position, of each sequence that a cache holds. */
    public <T> T evaluateNext(
            Weights weights, int[] ids, int[] positions, KeyValueCache cache, Function<Matrix, T> reader) {
        int[] lengths = IntStream.of(positions).map(position -> position + 1).toArray();
        TokenInput tokens = new TokenInput(ids, new int[ids.length], positions, lengths);
        return evaluate(weights, tokens, PassShape.ofNext(ids.length, config), cache.next(positions), reader);
    }

    private <T> T evaluate(
            Weights weights, TokenInput tokens, PassShape shape, AttentionStep attention, Function<Matrix, T> reader) {
        Activations memory = workspace.evaluation(shape);
        forward.run(weights.parts(config), tokens, attention, memory);
        return reader.apply(memory.output());
    }

    /** Adds a step's gradients to {@code gradients} and {@code headGradients}; neither weights nor head change. */
    public StepResult backward(
            Weights weights, Head head, Step step, Gradients gradients, HeadGradients headGradients) {
        Pooling pooling = Pooling.of(step.batch(), config, Features.of(head, config));
        HeadLoss loss = new HeadLoss(head, step, headGradients, pooling);
        ReadRows read = ReadRows.of(pooling, config);
        return backward(
                weights, new AttentionStep.Within(backend, step.batch(), step.dropout(), read), gradients, loss);
    }

    /** Adds the gradients of any loss on the last hidden vectors to {@code gradients}. */
    public StepResult backward(Weights weights, Batch batch, Gradients gradients, OutputLoss loss) {
        return backward(weights, batch, Dropout.none(), gradients, loss);
    }

    /** The same with hidden values and attention probabilities dropped. */
    public StepResult backward(Weights weights, Batch batch, Dropout dropout, Gradients gradients, OutputLoss loss) {
        return backward(weights, new AttentionStep.Within(backend, batch, dropout, null), gradients, loss);
    }

    private StepResult backward(Weights weights, AttentionStep.Within attention, Gradients gradients, OutputLoss loss) {
        Batch batch = attention.batch();
        DropoutSites sites = new DropoutSites(attention.dropout(), batch);
        Activations memory = workspace.training(PassShape.of(batch, config, attention.read()));
        forward.run(weights.parts(config), batch.tokens(), attention, sites, memory);
        StepResult result = new StepResult(loss.apply(memory.output(), memory.outputGradient()));
        BackwardPlan plan = BackwardPlan.of(config, gradients.trainable());
        new BackwardPass(backend, config, weights.parts(config), gradients.parts(config), plan)
                .run(attention, sites, memory, l -> forward.again(l, weights.parts(config), attention, sites, memory));
        return result;
    }

    /** Frees the memory of its passes. */
    @Override
    public void close() {
        workspace.close();
    }
}
