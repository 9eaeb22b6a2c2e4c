package io.tessellate.engine.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.id.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("numeric")
class MaskedLanguageModelTest {
    private static final WordTokenizer TOKENIZER = new WordTokenizer(List.of("a", "b", "c", "d", "e", "f", "g", "h"));
    private static final ModelConfig CONFIG =
            new ModelConfig(ModelConfig.BERT, TOKENIZER.size(), 24, 2, 2, 48, 16, 2, 1e-12f, 0);

    @TempDir
    Path directory;

    /** Words run through the alphabet from a random start: neighbours tell a hidden word. */
    private static List<TokenSequence> corpus() {
        SplittableRandom random = new SplittableRandom(3);
        List<TokenSequence> corpus = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            int[] ids = new int[random.nextInt(6, 14)];
            int start = random.nextInt(8);
            for (int i = 0; i < ids.length; i++) {
                ids[i] = WordTokenizer.FIRST_WORD + (start + i) % 8;
            }
            ids[0] = WordTokenizer.CLS;
            ids[ids.length - 1] = WordTokenizer.SEP;
            corpus.add(new TokenSequence(ids, new int[ids.length]));
        }
        return corpus;
    }

    private static PretrainingPlan plan(int steps) {
        return new PretrainingPlan(CONFIG, WordTokenizer.MASK, WordTokenizer.FIRST_WORD, steps, 16, 5e-3, 7);
    }

    @Test
    void itLearnsToGuessHiddenWordsAndTheFilesLoad() {
        Backend backend = Backends.open(Backends.HOST);
        List<Double> losses = new ArrayList<>();
        try (MaskedLanguageModel model = new MaskedLanguageModel(backend, plan(500))) {
            model.train(corpus(), (step, steps, loss) -> losses.add(loss));
            model.write(directory, TOKENIZER.toJson());
        }
        assertThat(losses.get(0)).isCloseTo(Math.log(TOKENIZER.size()), within(0.3));
        assertThat(losses.subList(480, 500).stream()
                        .mapToDouble(l -> l)
                        .average()
                        .orElseThrow())
                .isLessThan(1);

        BaseModel base = BaseModel.load(directory);
        assertThat(base.config()).isEqualTo(CONFIG);
        assertThat(base.ignored()).hasSize(5).allMatch(name -> name.startsWith("cls."));
        try (Weights weights = base.weights(backend);
                Encoder encoder = new Encoder(backend, base.config());
                Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), CONFIG.maxPositions())) {
            Batch batch = Batch.of(List.of(tokenizer.encode("a b c d"), tokenizer.encode("d")), CONFIG);
            assertThat(encoder.features(weights, batch)).hasSize(2 * 48).doesNotContain(Float.NaN);
        }
    }

    @Test
    void theSamePlanGivesTheSameBytesAndAnotherSeedOthers() {
        PretrainingPlan other =
                new PretrainingPlan(CONFIG, WordTokenizer.MASK, WordTokenizer.FIRST_WORD, 20, 16, 5e-3, 8);
        assertThat(digest(plan(20), "a")).isEqualTo(digest(plan(20), "b")).isNotEqualTo(digest(other, "c"));
    }

    private Sha256 digest(PretrainingPlan plan, String name) {
        Backend backend = Backends.open(Backends.HOST);
        try (MaskedLanguageModel model = new MaskedLanguageModel(backend, plan)) {
            model.train(corpus(), (step, steps, loss) -> {});
            return model.write(directory.resolve(name), TOKENIZER.toJson());
        }
    }

    @ParameterizedTest
    @MethodSource("io.tessellate.engine.backend.TestedBackends#names")
    void theGradientIsTheSlopeOfTheLossAlongItself(String name) {
        Backend backend = Backends.open(name);
        SplittableRandom random = new SplittableRandom(5);
        ParameterLayout layout = ParameterLayout.of(CONFIG);
        try (TrainedWeights body = new TrainedWeights(backend, layout, random);
                TrainedWeights top = new TrainedWeights(backend, WordHead.layout(CONFIG), random);
                Encoder encoder = new Encoder(backend, CONFIG)) {
            String words = layout.tensors().get(0).name();
            WordHead head = new WordHead(
                    backend,
                    CONFIG,
                    top.weights(),
                    top.gradients(),
                    body.weights().matrix(words),
                    body.gradients().matrix(words));
            MaskedWords masked = masked(random);
            Batch batch = masked.batch();
            Slope slope = new Slope(List.of(body, top));
            slope.loss(() -> encoder.backward(body.weights(), batch, body.gradients(), head.loss(masked))
                    .loss());
            slope.check();
        }
    }

    private static MaskedWords masked(SplittableRandom random) {
        MaskedWords.Masking masking = MaskedWords.masking(plan(1), random);
        List<MaskedWords.Hidden> hidden =
                corpus().subList(0, 6).stream().map(masking::hide).toList();
        return MaskedWords.of(hidden, CONFIG);
    }

    @Test
    void nearlyFifteenInAHundredWordsAreHiddenAndSpecialTokensNever() {
        MaskedWords.Masking masking = MaskedWords.masking(plan(1), new SplittableRandom(1));
        int words = 0;
        int hidden = 0;
        int shownAsMask = 0;
        for (TokenSequence sequence : corpus()) {
            MaskedWords.Hidden one = masking.hide(sequence);
            words += sequence.length() - 2;
            hidden += one.positions().length;
            for (int n = 0; n < one.positions().length; n++) {
                assertThat(one.positions()[n]).isBetween(1, sequence.length() - 2);
                assertThat(one.words()[n]).isEqualTo(sequence.ids()[one.positions()[n]]);
                shownAsMask += one.sequence().ids()[one.positions()[n]] == WordTokenizer.MASK ? 1 : 0;
            }
        }
        assertThat((double) hidden / words).isCloseTo(0.15, within(0.04));
        assertThat((double) shownAsMask / hidden).isCloseTo(0.8, within(0.08));
    }

    @Test
    void aPlanThatCannotWorkIsRefused() {
        assertThatThrownBy(() -> new PretrainingPlan(CONFIG, 4, 5, 0, 16, 1e-3, 1))
                .hasMessageContaining("steps 0");
        assertThatThrownBy(() -> new PretrainingPlan(CONFIG, 5, 5, 1, 16, 1e-3, 1))
                .hasMessageContaining("maskToken 5");
    }
}
