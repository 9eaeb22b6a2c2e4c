package io.tessellate.engine.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.ReferenceTransformer;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loss and gradients on completion tokens against finite differences, and decoding with and without kept keys. */
@Tag("numeric")
class LanguageModelTest {
    private static final double STEP = 1e-5;

    static Stream<SmallFamilies> decoders() {
        return Stream.of(SmallFamilies.values())
                .filter(family -> family.config().causal());
    }

    private static List<Prompt> prompts() {
        Random random = new Random(8);
        return IntStream.of(3, 1, 6, 2)
                .mapToObj(length -> ToyDecoder.prompt(random.ints(length, 0, 37).toArray()))
                .toList();
    }

    private static Weights weights(Backend backend, SmallFamilies family) {
        return SmallModel.weights(backend, family.layout(), SmallModel.values(family.layout(), 3));
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void gradientsOfTheLossOnCompletionsAreTheSlope(SmallFamilies family) {
        List<TokenSequence> sequences = SmallModel.sequences(4, 11, 5, 1, 9);
        int[] given = {4, 2, 1, 0};
        Slopes slopes = new Slopes(family, sequences, given);
        for (String name : TestedBackends.names()) {
            Backend backend = Backends.open(name);
            try (Weights weights = weights(backend, family);
                    Gradients gradients = new Gradients(backend, TrainableTensors.all(family.layout()));
                    LanguageModel model = new LanguageModel(backend, family.config())) {
                Completions completions = new Completions(Batch.of(sequences, family.config()), given);
                assertThat(completions.count()).isEqualTo(7 + 3 + 0 + 8);
                double loss = model.backward(weights, completions, 1, Dropout.none(), gradients)
                        .loss();
                assertThat(loss).isCloseTo(slopes.loss, slopes.rounding.of(Math.max(1, loss)));
                assertThat(ToyDecoder.meanLoss(model, weights, completions))
                        .isCloseTo(loss, slopes.rounding.of(Math.max(1, loss)));
                slopes.compare(gradients);
            }
        }
    }

    /** The loss in double precision as a function of single weights, and its slope at some of each tensor, by their places. */
    private static final class Slopes {
        private final ReferenceTransformer reference;
        private final double[] weights;
        private final List<TokenSequence> sequences;
        private final int[] given;
        private final Random random = new Random(5);
        private final Rounding rounding;
        private final double loss;
        private final Map<String, Map<Integer, Double>> slopes = new HashMap<>();

        Slopes(SmallFamilies family, List<TokenSequence> sequences, int[] given) {
            this.weights = SmallModel.wide(family.layout(), 3);
            this.reference = new ReferenceTransformer(family.config(), family.layout(), this.weights);
            this.sequences = sequences;
            this.given = given;
            int tokens = sequences.stream()
                    .mapToInt(sequence -> sequence.ids().length)
                    .sum();
            this.rounding = Rounding.pass(family.config(), 11, tokens);
            this.loss = loss();
            family.layout().tensors().forEach(tensor -> slopes.put(tensor.name(), slopes(tensor)));
        }

        private double loss() {
            double sum = 0;
            int count = 0;
            for (int e = 0; e < given.length; e++) {
                int[] ids = sequences.get(e).ids();
                double[][] logits = reference.nextTokenLogits(ids);
                for (int s = Math.max(1, given[e]); s < ids.length; s++) {
                    double all = 0;
                    for (double logit : logits[s - 1]) {
                        all += Math.exp(logit);
                    }
                    sum += Math.log(all) - logits[s - 1][ids[s]];
                    count++;
                }
            }
            return sum / count;
        }

        void compare(Gradients gradients) {
            slopes.forEach((name, some) -> {
                float[] actual = gradients.get(name);
                double largest = Math.max(1, Rounding.largest(actual));
                some.forEach((i, slope) ->
                        assertThat((double) actual[i]).as("%s[%d]", name, i).isCloseTo(slope, rounding.of(largest)));
            });
        }

        private Map<Integer, Double> slopes(ParameterTensor tensor) {
            Map<Integer, Double> some = new HashMap<>();
            for (int n = 0; n < 4; n++) {
                int i = random.nextInt(tensor.size());
                int at = (int) tensor.offset() + i;
                double value = weights[at];
                weights[at] = value + STEP;
                double above = loss();
                weights[at] = value - STEP;
                some.put(i, (above - loss()) / (2 * STEP));
                weights[at] = value;
            }
            return some;
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void decodingWithKeptKeysGivesTheTokensOfDecodingWithout(SmallFamilies family) {
        for (String name : TestedBackends.names()) {
            Backend backend = Backends.open(name);
            try (Weights weights = weights(backend, family);
                    LanguageModel model = new LanguageModel(backend, family.config())) {
                for (Sampling sampling : List.of(Sampling.GREEDY, new Sampling(0.8, 20, 0.9, 7))) {
                    Generation generation = new Generation(model, sampling, 7, Set.of(30));
                    List<int[]> kept = generation.run(weights, prompts());
                    assertThat(kept).containsExactlyElementsOf(withoutCache(generation, weights));
                    assertThat(kept).allSatisfy(tokens -> assertThat(tokens).hasSizeLessThanOrEqualTo(7));
                    // The longest prompt has room for five more tokens only.
                    assertThat(kept.get(2)).hasSizeLessThanOrEqualTo(5);
                }
            }
            assertThat(backend.memory().allocatedBytes()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void textsThatHaveEndedAreLeftBehindAndTheOthersGoOnAsTheyWould(SmallFamilies family) {
        Backend backend = Backends.open(Backends.HOST);
        try (Weights weights = weights(backend, family);
                LanguageModel model = new LanguageModel(backend, family.config())) {
            List<int[]> free = new Generation(model, Sampling.GREEDY, 7, Set.of()).run(weights, prompts());
            Set<Integer> stops = new HashSet<>(List.of(free.get(0)[0], free.get(1)[1]));
            Generation generation = new Generation(model, Sampling.GREEDY, 7, stops);
            assertThat(generation.run(weights, prompts())).containsExactlyElementsOf(withoutCache(generation, weights));
        }
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    /** The same by passes over all tokens so far, keeping nothing. */
    private static List<int[]> withoutCache(Generation generation, Weights weights) {
        return prompts().stream()
                .map(prompt -> withoutCache(generation, weights, prompt))
                .toList();
    }

    private static int[] withoutCache(Generation generation, Weights weights, Prompt prompt) {
        ModelConfig config = generation.model().config();
        RandomGenerator random = generation.sampling().draws(prompt.identity());
        int[] ids = prompt.tokens().ids();
        while (ids.length < Math.min(prompt.length() + generation.most(), config.maxPositions())) {
            Batch batch = Batch.of(List.of(new TokenSequence(ids, new int[ids.length])), config);
            float[] logits = generation.model().nextTokenLogits(weights, batch);
            int token = generation.sampling().choose(logits, 0, config.vocabulary(), random);
            if (generation.stops().contains(token)) {
                break;
            }
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = token;
        }
        return Arrays.copyOfRange(ids, prompt.length(), ids.length);
    }

    @Test
    void samplingKeepsTheBestTokensAndTheirShares() {
        float[] logits = {0f, (float) Math.log(4), (float) Math.log(3), (float) Math.log(2)};
        assertThat(shares(new Sampling(1, 0, 1, 0), logits))
                .containsExactly(new double[] {.1, .4, .3, .2}, within(.02));
        assertThat(shares(new Sampling(1, 2, 1, 0), logits))
                .containsExactly(new double[] {0, 4 / 7., 3 / 7., 0}, within(.02));
        assertThat(shares(new Sampling(1, 0, .5, 0), logits))
                .containsExactly(new double[] {0, 4 / 7., 3 / 7., 0}, within(.02));
        assertThat(shares(new Sampling(.5, 0, 1, 0), logits))
                .containsExactly(new double[] {1 / 30., 16 / 30., 9 / 30., 4 / 30.}, within(.02));
        assertThat(shares(new Sampling(1, 0, 1e-9, 0), logits))
                .containsExactly(new double[] {0, 1, 0, 0}, within(1e-9));
        assertThat(Sampling.GREEDY.choose(new float[] {9, 1, 5, 5, 2}, 1, 4, new SplittableRandom(1)))
                .isEqualTo(1);
    }

    private static double[] shares(Sampling sampling, float[] logits) {
        SplittableRandom random = new SplittableRandom(3);
        double[] shares = new double[logits.length];
        for (int i = 0; i < 20_000; i++) {
            shares[sampling.choose(logits, 0, logits.length, random)] += 1.0 / 20_000;
        }
        return shares;
    }

    @Test
    void rowsTakenAFewAtATimeGiveTheSameLossAndGradients() {
        SmallFamilies family = SmallFamilies.LLAMA;
        Backend backend = Backends.open(Backends.HOST);
        Completions completions =
                new Completions(Batch.of(SmallModel.sequences(4, 11, 5, 9), family.config()), new int[3]);
        try (Weights weights = weights(backend, family);
                Gradients whole = new Gradients(backend, TrainableTensors.all(family.layout()));
                Gradients pieces = new Gradients(backend, TrainableTensors.all(family.layout()));
                LanguageModel model = new LanguageModel(backend, family.config());
                LanguageModel careful =
                        new LanguageModel(backend, family.config(), new TokenHead(backend, family.config(), 3))) {
            double loss = model.backward(weights, completions, 1, Dropout.none(), whole)
                    .loss();
            Rounding rounding = Rounding.pass(family.config(), 11, 3 * 11);
            assertThat(careful.backward(weights, completions, 1, Dropout.none(), pieces)
                            .loss())
                    .isCloseTo(loss, rounding.of(Math.max(1, loss)));
            float[] expected = whole.vector().toArray(0, family.layout().size());
            rounding.assertClose(pieces.vector().toArray(0, expected.length), expected);
            rounding.assertClose(careful.losses(weights, completions), model.losses(weights, completions));
            rounding.assertClose(
                    careful.logits(weights, completions.batch(), 0), model.logits(weights, completions.batch(), 0));
        }
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        Backend backend = Backends.open(Backends.HOST);
        assertThatThrownBy(() -> new LanguageModel(backend, SmallModel.CONFIG)).hasMessageContaining("'bert'");
        assertThatThrownBy(() -> new Sampling(-1, 0, 1, 0)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> new Sampling(1, -1, 1, 0)).hasMessageContaining("top-k");
        assertThatThrownBy(() -> new Sampling(1, 0, 0, 0)).hasMessageContaining("top-p");
    }
}
