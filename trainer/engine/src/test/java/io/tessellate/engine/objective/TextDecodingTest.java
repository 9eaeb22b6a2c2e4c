package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts scored as they are decoded: greedily or by draws that follow from seed and example. */
class TextDecodingTest {
    private static final Decoding DRAWN = new Decoding(1.2, 20, 0.95, 5, 6);
    private static final List<String> WORDS = IntStream.range(0, 32)
            .mapToObj(i -> "word" + (char) ('a' + i % 26) + i)
            .toList();

    private Weights weights;
    private LanguageModel model;
    private Tokenizer tokenizer;
    private TextScorer scorer;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("tokenizer.json"), new WordTokenizer(WORDS).toJson());
        weights = ToyDecoder.weights(TrainingFixture.BACKEND);
        model = new LanguageModel(TrainingFixture.BACKEND, ToyDecoder.CONFIG);
        tokenizer = Tokenizer.load(file, ToyDecoder.CONFIG.maxPositions());
        scorer = new TextScorer(model, tokenizer, Set.of(2));
    }

    @AfterEach
    void stop() {
        tokenizer.close();
        model.close();
        weights.close();
    }

    /** More than one batch of prompts of one to three tokens, each with two tokens to follow. */
    private List<EncodedExample> examples() {
        Random random = new Random(6);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int prompt = 1 + random.nextInt(3);
            int[] ids = random.ints(prompt + 2, 5, 37).toArray();
            String reference = tokenizer.decode(new int[] {ids[prompt], ids[prompt + 1]});
            examples.add(new EncodedExample(List.of(new TokenSequence(ids, new int[ids.length])), prompt, reference));
        }
        return examples;
    }

    private List<List<Integer>> texts(Decoding decoding, List<EncodedExample> examples) {
        return scorer.continuations(weights, texts(decoding), examples).stream()
                .map(ids -> IntStream.of(ids).boxed().toList())
                .toList();
    }

    private Score score(Decoding decoding) {
        return scorer.score(weights, Head.none(), new Measure(MetricName.ROUGE1, decoding), examples());
    }

    @Test
    void temperatureZeroAndASingleCandidateScoreAsGreedyDoes() {
        Score greedy = scorer.score(weights, Head.none(), Measure.by(MetricName.ROUGE1), examples());
        assertThat(score(Decoding.of(0.0, 50, 0.9, 3L, null)).digest()).isEqualTo(greedy.digest());
        assertThat(score(Decoding.of(0.6, 1, 0.9, 3L, null)).digest()).isEqualTo(greedy.digest());
        assertThat(score(Decoding.of(1.5, null, null, null, null)).digest()).isNotEqualTo(greedy.digest());
    }

    @Test
    void theSameSeedGivesTheSameBitsAndAnotherSeedOtherTexts() {
        Score first = score(DRAWN);
        assertThat(score(DRAWN).digest()).isEqualTo(first.digest());
        assertThat(score(DRAWN).value()).isEqualTo(first.value());
        assertThat(score(new Decoding(1.2, 20, 0.95, 6, 6)).digest()).isNotEqualTo(first.digest());
    }

    @Test
    void anExamplesTextDependsOnNeitherItsPlaceNorItsBatch() {
        List<EncodedExample> examples = examples();
        List<List<Integer>> together = texts(DRAWN, examples);
        for (int i = 0; i < examples.size(); i += 3) {
            assertThat(texts(DRAWN, List.of(examples.get(i)))).containsExactly(together.get(i));
        }
        List<Integer> places =
                new ArrayList<>(IntStream.range(0, examples.size()).boxed().toList());
        Collections.shuffle(places, new Random(2));
        assertThat(texts(DRAWN, places.stream().map(examples::get).toList()))
                .containsExactlyElementsOf(places.stream().map(together::get).toList());
    }

    @Test
    void aScoreOfManyTextsIsThatOfEachByItself() {
        List<EncodedExample> examples = examples();
        Measure measure = new Measure(MetricName.ROUGE1, new Decoding(0, 0, 1, 0, 12));
        Score together = scorer.score(weights, Head.none(), measure, examples);
        for (int i = 0; i < examples.size(); i++) {
            Score alone = scorer.score(weights, Head.none(), measure, List.of(examples.get(i)));
            assertThat(together.prediction(i)).isEqualTo(alone.prediction(0));
        }
    }

    @Test
    void examplesOfOnePromptDrawApartAndEqualOnesAlike() {
        int[] first = {7, 8, 9, 10};
        int[] second = {7, 8, 9, 11};
        List<EncodedExample> twins = List.of(example(first), example(second), example(first));
        List<List<Integer>> texts = texts(new Decoding(3, 0, 1, 1, 6), twins);
        assertThat(texts.get(0)).isNotEqualTo(texts.get(1)).isEqualTo(texts.get(2));
    }

    private static EncodedExample example(int... ids) {
        return new EncodedExample(List.of(new TokenSequence(ids, new int[ids.length])), 2, "");
    }

    @Test
    void aTextHasAtMostTheTokensAskedForElseAsTheWantedOnesNeed() {
        List<EncodedExample> one = List.of(examples().get(0));
        TextScorer endless = new TextScorer(model, tokenizer, Set.of());
        int room = ToyDecoder.CONFIG.maxPositions() - (int) one.get(0).target();
        assertThat(endless.continuations(weights, texts(new Decoding(0, 0, 1, 0, 3)), one)
                        .get(0))
                .hasSize(3);
        assertThat(endless.continuations(weights, texts(new Decoding(0, 0, 1, 0, 512)), one)
                        .get(0))
                .hasSize(room);
        assertThat(endless.continuations(weights, texts(Decoding.GREEDY), one).get(0))
                .hasSize(Math.min(room, 2 + 16));
    }

    @Test
    void aMetricThatComparesNoTextsRefusesADecoding() {
        for (MetricName metric : MetricName.values()) {
            if (metric.kind() != MetricName.Kind.TEXTS) {
                assertThatThrownBy(() -> new Measure(metric, DRAWN))
                        .isInstanceOfSatisfying(
                                TessellateException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                        .hasMessage(
                                "decoding needs a metric of generated texts, which '" + metric.label() + "' is not");
            }
        }
    }

    private static Measure texts(Decoding decoding) {
        return new Measure(MetricName.EXACT_MATCH, decoding);
    }
}
