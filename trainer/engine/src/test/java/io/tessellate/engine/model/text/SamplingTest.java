package io.tessellate.engine.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is drawn, and what it follows from. */
class SamplingTest {
    private static final int VOCABULARY = 37;

    private static List<Prompt> prompts() {
        Random random = new Random(8);
        return IntStream.of(3, 1, 6, 2, 3, 3, 4, 1)
                .mapToObj(length ->
                        ToyDecoder.prompt(random.ints(length, 0, VOCABULARY).toArray()))
                .toList();
    }

    /** One model and its memory for a whole test. */
    private static final class Writer implements AutoCloseable {
        private final Backend backend = Backends.open(Backends.HOST);
        private final Weights weights = SmallModel.weights(
                backend, SmallFamilies.LLAMA.layout(), SmallModel.values(SmallFamilies.LLAMA.layout(), 3));
        private final LanguageModel model = new LanguageModel(backend, SmallFamilies.LLAMA.config());

        List<List<Integer>> write(Sampling sampling, List<Prompt> prompts) {
            return new Generation(model, sampling, 5, Set.of())
                    .run(weights, prompts).stream()
                            .map(ids -> IntStream.of(ids).boxed().toList())
                            .toList();
        }

        @Override
        public void close() {
            model.close();
            weights.close();
        }
    }

    @Test
    void aSeedGivesTheSameTokensAndAnotherSeedOthers() {
        try (Writer writer = new Writer()) {
            List<List<Integer>> first = writer.write(new Sampling(2, 0, 1, 1), prompts());
            assertThat(writer.write(new Sampling(2, 0, 1, 1), prompts())).isEqualTo(first);
            assertThat(writer.write(new Sampling(2, 0, 1, 2), prompts())).isNotEqualTo(first);
        }
    }

    @Test
    void temperatureZeroAndASingleCandidateAreGreedyWhateverElseIsAskedFor() {
        try (Writer writer = new Writer()) {
            List<List<Integer>> greedy = writer.write(Sampling.GREEDY, prompts());
            assertThat(writer.write(new Sampling(0, 50, 0.9, 7), prompts())).isEqualTo(greedy);
            assertThat(writer.write(new Sampling(0.6, 1, 0.9, 7), prompts())).isEqualTo(greedy);
            assertThat(writer.write(new Sampling(3, 1, 1, 8), prompts())).isEqualTo(greedy);
            assertThat(writer.write(new Sampling(3, 0, 1, 8), prompts())).isNotEqualTo(greedy);
        }
    }

    @Test
    void whatIsWrittenAfterAPromptDoesNotDependOnThoseBesideIt() {
        Sampling sampling = new Sampling(1.5, 30, 0.95, 11);
        List<Integer> places = new ArrayList<>(IntStream.range(0, 8).boxed().toList());
        try (Writer writer = new Writer()) {
            List<List<Integer>> together = writer.write(sampling, prompts());
            for (int place : places) {
                assertThat(writer.write(sampling, List.of(prompts().get(place))))
                        .containsExactly(together.get(place));
            }
            Collections.shuffle(places, new Random(4));
            List<Prompt> shuffled = places.stream().map(prompts()::get).toList();
            assertThat(writer.write(sampling, shuffled))
                    .containsExactlyElementsOf(
                            places.stream().map(together::get).toList());
        }
    }

    @Test
    void promptsOfOneTextDrawApartIfTheyAreOfDifferentExamples() {
        List<Prompt> sameText = IntStream.range(0, 6)
                .mapToObj(i -> new Prompt(
                        ToyDecoder.prompt(5, 6).tokens(), ToyDecoder.prompt(i).identity()))
                .toList();
        try (Writer writer = new Writer()) {
            assertThat(new HashSet<>(writer.write(new Sampling(2, 0, 1, 1), sameText)))
                    .hasSizeGreaterThan(4);
        }
    }

    @Test
    void neighbouringSeedsShareNoDraws() {
        Set<Double> seen = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            for (Prompt prompt : List.of(ToyDecoder.prompt(1), ToyDecoder.prompt(2))) {
                var draws = new Sampling(1, 0, 1, seed).draws(prompt.identity());
                for (int i = 0; i < 20; i++) {
                    seen.add(draws.nextDouble());
                }
            }
        }
        assertThat(seen).hasSize(50 * 2 * 20);
    }

    @Test
    void theChosenTokenIsThatOfAFullSort() {
        Random random = new Random(17);
        for (int n = 0; n < 2_000; n++) {
            int vocabulary = 1 + random.nextInt(60);
            float[] logits = new float[3 + vocabulary];
            for (int i = 0; i < logits.length; i++) {
                // Few different values, so that many are equal; zeros of both signs among them.
                logits[i] = (random.nextInt(9) - 4) * (random.nextBoolean() ? 0.5f : -0.5f);
            }
            int topK = random.nextInt(vocabulary + 3);
            Sampling sampling = new Sampling(
                    0.3 + random.nextDouble(), topK, random.nextInt(4) == 0 ? 1 : 1 - 0.99 * random.nextDouble(), 0);
            long seed = random.nextLong();
            assertThat(sampling.choose(logits, 3, vocabulary, new SplittableRandom(seed)))
                    .isEqualTo(slowly(sampling, logits, 3, vocabulary, new SplittableRandom(seed)));
        }
    }

    /** By definition: sorts all, cuts twice, normalises, draws from the sums. */
    private static int slowly(Sampling sampling, float[] logits, int from, int vocabulary, SplittableRandom random) {
        List<Integer> order = IntStream.range(0, vocabulary)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -(logits[from + id] + 0.0))
                        .thenComparing(id -> id))
                .limit(sampling.topK() == 0 ? vocabulary : sampling.topK())
                .toList();
        double most = logits[from + order.get(0)];
        double[] weights = order.stream()
                .mapToDouble(id -> Math.exp((logits[from + id] - most) / sampling.temperature()))
                .toArray();
        double all = Arrays.stream(weights).sum();
        int count = 0;
        double kept = 0;
        do {
            kept += weights[count++];
        } while (count < weights.length && kept < sampling.topP() * all);
        double left = random.nextDouble() * kept;
        int drawn = 0;
        while (drawn < count - 1 && left >= weights[drawn]) {
            left -= weights[drawn++];
        }
        return order.get(drawn);
    }
}
