package io.tessellate.engine.objective;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.text.Generation;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.text.Prompt;
import io.tessellate.engine.model.text.Sampling;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Scores a generation task: by the likelihood of the wanted completions, by which of several is likeliest, or by the texts
 * that decoding makes. Which examples share a batch depends on the examples alone, and what is drawn for one on the seed and
 * the example itself, so the same weights give the same texts at every version.
 */
final class TextScorer implements Scorer {
    private static final Comparator<EncodedExample> EXPECTED =
            Comparator.comparingInt(EncodedExample::completionTokens).thenComparingInt(EncodedExample::length);

    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final Set<Integer> ends;

    /**
     * A scorer.
     *
     * @param tokenizer the base model's
     * @param ends tokens that end a continuation
     */
    TextScorer(LanguageModel model, Tokenizer tokenizer, Set<Integer> ends) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.ends = Set.copyOf(ends);
    }

    /**
     * Scores completions. Of texts, {@link Score#prediction} is the score of one text, and a hit is a text of score 1; of
     * likelihoods it is the negative log likelihood of a completion in nats; of choices the number of the likeliest.
     */
    @Override
    public Score score(Weights weights, Head head, Measure measure, List<EncodedExample> examples) {
        requireCompletions(examples);
        MetricName metric = measure.metric();
        return switch (metric.kind()) {
            case LOSSES -> byLikelihood(weights, metric, examples);
            case CHOICES -> byChoice(weights, metric, examples);
            case TEXTS -> byText(weights, measure, examples);
            case CLASSES, VALUES ->
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "metric %s does not measure texts".formatted(metric.label()));
        };
    }

    private static void requireCompletions(List<EncodedExample> examples) {
        if (examples.stream().allMatch(example -> example.completionTokens() == 0)) {
            throw new TessellateException(
                    ErrorCode.NOTHING_TO_LEARN,
                    "maxLength leaves nothing of the completions of all %d examples, so that none can be scored"
                            .formatted(examples.size()));
        }
    }

    /** All completions of all examples go through the model; what an example's choice is follows from their losses. */
    private Score byChoice(Weights weights, MetricName metric, List<EncodedExample> examples) {
        List<EncodedExample> all = examples.stream()
                .flatMap(example -> example.rivals().completions().stream())
                .toList();
        double[] losses = new CompletionLearner(model).losses(weights, all);
        double[] chosen = new double[examples.size()];
        double[] right = new double[examples.size()];
        float[] perToken = new float[losses.length];
        int next = 0;
        for (int e = 0; e < chosen.length; e++) {
            EncodedExample.Rivals rivals = examples.get(e).rivals();
            int first = next;
            for (EncodedExample rival : rivals.completions()) {
                perToken[next] = perToken(losses[next], rival.completionTokens());
                next++;
            }
            chosen[e] = least(perToken, first, next) - first;
            right[e] = rivals.right();
        }
        return new Score(Metric.of(metric).score(chosen, right), chosen, right, perToken);
    }

    /** Mean loss of a choice's tokens; one that was cut off entirely has no likelihood and is never chosen before others. */
    private static float perToken(double loss, int tokens) {
        return tokens == 0 ? Float.POSITIVE_INFINITY : (float) (loss / tokens);
    }

    private static int least(float[] values, int from, int to) {
        int least = from;
        for (int i = from + 1; i < to; i++) {
            least = values[i] < values[least] ? i : least;
        }
        return least;
    }

    private Score byLikelihood(Weights weights, MetricName metric, List<EncodedExample> examples) {
        double[] losses = new CompletionLearner(model).losses(weights, examples);
        double[] tokens =
                examples.stream().mapToDouble(EncodedExample::completionTokens).toArray();
        return new Score(Metric.of(metric).score(losses, tokens), losses, tokens, new float[0]);
    }

    private Score byText(Weights weights, Measure measure, List<EncodedExample> examples) {
        List<int[]> continuations = continuations(weights, measure, examples);
        List<String> texts = IntStream.range(0, examples.size())
                .mapToObj(i ->
                        tokenizer.decodeBehind(prompt(examples.get(i)).tokens().ids(), continuations.get(i)))
                .toList();
        List<String> references =
                examples.stream().map(EncodedExample::reference).toList();
        Metric metric = Metric.of(measure.metric());
        double[] scores = metric.each(texts, references);
        double[] perfect = new double[scores.length];
        Arrays.fill(perfect, 1);
        return new Score(metric.score(texts, references), scores, perfect, asFloats(continuations));
    }

    /**
     * The tokens that decoding lets follow each prompt. Texts of which as many tokens are wanted are decoded together: prompts of whatever
     * length cost nothing more beside each other, a text that goes on after the others have ended does.
     */
    List<int[]> continuations(Weights weights, Measure measure, List<EncodedExample> examples) {
        Generation generation = new Generation(model, sampling(measure.decoding()), measure.generated(examples), ends);
        int[][] all = new int[examples.size()][];
        for (int[] members : CompletionLearner.batches(examples, EXPECTED)) {
            List<Prompt> prompts =
                    IntStream.of(members).mapToObj(i -> prompt(examples.get(i))).toList();
            List<int[]> some = generation.run(weights, prompts);
            for (int i = 0; i < members.length; i++) {
                all[members[i]] = some.get(i);
            }
        }
        return new ArrayList<>(Arrays.asList(all));
    }

    private static Sampling sampling(Decoding decoding) {
        return new Sampling(decoding.temperature(), decoding.topK(), decoding.topP(), decoding.seed());
    }

    private static Prompt prompt(EncodedExample example) {
        int[] ids = Arrays.copyOf(example.sequences().get(0).ids(), Math.max(1, (int) example.target()));
        return new Prompt(new TokenSequence(ids, new int[ids.length]), example.identity());
    }

    /** Token ids and a number no id has between texts: what a digest of the texts follows from. */
    private static float[] asFloats(List<int[]> continuations) {
        int size = continuations.stream().mapToInt(ids -> ids.length + 1).sum();
        float[] all = new float[size];
        int next = 0;
        for (int[] ids : continuations) {
            for (int id : ids) {
                all[next++] = id;
            }
            all[next++] = -1;
        }
        return all;
    }
}
