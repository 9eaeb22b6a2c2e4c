package io.tessellate.engine.pretrain;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.ModelDirectory;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.optimizer.Schedule;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * An encoder trained from scratch to guess hidden words. The same plan, backend and sequences give the same bytes.
 *
 * <pre>{@code
 * try (MaskedLanguageModel model = new MaskedLanguageModel(backend, plan)) {
 *     model.train(corpus, listener);
 *     model.write(directory, tokenizer.toJson());
 * }
 * }</pre>
 */
public final class MaskedLanguageModel implements AutoCloseable {
    private final PretrainingPlan plan;
    private final TrainedWeights encoderWeights;
    private final TrainedWeights headWeights;
    private final Encoder encoder;
    private final WordHead head;

    /** An untrained model with seeded weights. */
    public MaskedLanguageModel(Backend backend, PretrainingPlan plan) {
        this.plan = plan;
        RandomGenerator random = new SplittableRandom(plan.seed());
        ParameterLayout layout = ParameterLayout.of(plan.model());
        this.encoderWeights = new TrainedWeights(backend, layout, random);
        this.headWeights = new TrainedWeights(backend, WordHead.layout(plan.model()), random);
        this.encoder = new Encoder(backend, plan.model());
        String words = layout.tensors().get(0).name();
        this.head = new WordHead(
                backend,
                plan.model(),
                headWeights.weights(),
                headWeights.gradients(),
                encoderWeights.weights().matrix(words),
                encoderWeights.gradients().matrix(words));
    }

    /**
     * Takes all the plan's steps over the sequences, drawn in a fresh order each time they are through. A loss that is
     * not finite ends it with DIVERGED.
     */
    public void train(List<TokenSequence> corpus, PretrainingListener listener) {
        if (corpus.isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "pretraining needs at least one sequence");
        }
        RandomGenerator random = new SplittableRandom(~plan.seed());
        SequenceDraws draws = new SequenceDraws(corpus, random);
        MaskedWords.Masking masking = MaskedWords.masking(plan, random);
        for (int step = 0; step < plan.steps(); step++) {
            double loss = step(draws.next(plan.batchSize()), masking);
            if (!Double.isFinite(loss)) {
                throw new TessellateException(
                        ErrorCode.DIVERGED, "pretraining: loss is %s at step %d".formatted(loss, step + 1));
            }
            double rate = plan.learningRate()
                    * Schedule.LINEAR.factor(step, plan.steps(), Math.round(PretrainingPlan.WARMUP * plan.steps()));
            encoderWeights.step(rate);
            headWeights.step(rate);
            listener.onStep(step + 1, plan.steps(), loss);
        }
    }

    private double step(List<TokenSequence> sequences, MaskedWords.Masking masking) {
        List<MaskedWords.Hidden> hidden = sequences.stream().map(masking::hide).toList();
        MaskedWords masked = MaskedWords.of(hidden, plan.model());
        return encoder.backward(encoderWeights.weights(), masked.batch(), encoderWeights.gradients(), head.loss(masked))
                .loss();
    }

    /**
     * Writes the model as a Hugging Face directory.
     *
     * @param tokenizer content of its {@code tokenizer.json}
     * @return digest of the weight file
     */
    public Sha256 write(Path directory, String tokenizer) {
        List<TensorSource> tensors = new ArrayList<>(ModelDirectory.tensors(encoderWeights.weights()));
        tensors.addAll(ModelDirectory.tensors(headWeights.weights()));
        return ModelDirectory.write(directory, plan.model(), tokenizer, tensors);
    }

    @Override
    public void close() {
        encoder.close();
        encoderWeights.close();
        headWeights.close();
    }
}
