package io.tessellate.engine.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.mask.adapter.Adapter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in mixed precision, from the recipe to the scores of later versions. */
@Tag("numeric")
@Tag("any-backend")
class PrecisionTest {
    private static final Recipe FP32 = Recipe.of(Map.of(
            "method",
            "lotto",
            "density",
            0.1,
            "epochs",
            2,
            "learningRate",
            5e-3,
            "calibrationLearningRate",
            5e-3,
            "replayShare",
            0.25,
            "seed",
            9));
    private static final Recipe MIXED = FP32.with("precision", "mixed");

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 160);
    private final StreamTask second = ToyTasks.lookup("second", 2, 160);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private TrainingOutcome train(StreamTask task, Recipe recipe, String name) {
        return model.train(task, recipe, directory.resolve(name));
    }

    @Test
    void aMixedTrainingOwnsFullFloatsAndSaysHowItWasTrained() {
        Adapter adapter = train(first, MIXED, "mixed").adapter();
        assertThat(adapter.metadata().recipe()).isEqualTo(MIXED.json()).contains("\"precision\":\"mixed\"");
        assertThat(adapter.updates())
                .anyMatch(update -> hasMoreBitsThanBrainFloats(update.values()))
                .isNotEqualTo(train(first, FP32, "fp32").adapter().updates());
        assertThat(train(first, MIXED, "again").adapter().updates()).isEqualTo(adapter.updates());
    }

    private static boolean hasMoreBitsThanBrainFloats(float[] values) {
        for (float value : values) {
            if ((Float.floatToRawIntBits(value) & 0xffff) != 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void itLearnsAsMuchAsInSinglePrecision() {
        Score mixed = scored(train(first, MIXED, "mixed"), Precision.MIXED);
        Score single = scored(train(first, FP32, "fp32"), Precision.FP32);
        assertThat(mixed.value()).isCloseTo(single.value(), within(0.1));
        assertThat(train(second, MIXED, "2").finalLoss())
                .isCloseTo(train(second, FP32, "3").finalLoss(), within(0.1));
    }

    private Score scored(TrainingOutcome outcome, Precision precision) {
        try (TrainingFixture own = new TrainingFixture()) {
            own.commit(first, outcome.adapter());
            return own.score(
                    first.in(precision), own.views().task(0), own.views().head(0));
        }
    }

    @Test
    void itsOwnViewScoresTheSameAtEveryLaterVersionWhateverTheOthersPrecision() {
        model.commit(first, train(first, MIXED, "1").adapter());
        Score before = model.score(
                first.in(Precision.MIXED), model.views().task(0), model.views().head(0));
        model.commit(second, train(second, FP32, "2").adapter());
        model.score(second, model.views().union(), model.views().head(1));
        Score after = model.score(
                first.in(Precision.MIXED), model.views().task(0), model.views().head(0));
        assertThat(after.digest()).isEqualTo(before.digest());
        assertThat(model.score(first, model.views().task(0), model.views().head(0))
                        .digest())
                .isNotEqualTo(before.digest());
    }

    @Test
    void autoIsRecordedAsWhatItComesToOnTheBackend() {
        Backend backend = TrainingFixture.BACKEND;
        Precision expected = backend.products().rounding().fast() ? Precision.MIXED : Precision.FP32;
        Recipe settled = FP32.with("precision", "auto").on(backend);
        assertThat(settled.precision()).isEqualTo(expected);
        assertThat(settled).isEqualTo(FP32.with("precision", expected.label()));
        assertThat(MIXED.on(backend)).isSameAs(MIXED);
    }

    @Test
    void aBackendSaysHowItRoundsOnlyWhereItDoes() {
        Backend backend = TrainingFixture.BACKEND;
        assertThat(Precision.FP32.of(backend)).isSameAs(backend);
        Backend mixed = Precision.MIXED.of(backend);
        assertThat(mixed.environment())
                .containsAllEntriesOf(backend.environment())
                .containsEntry("bf16", backend.products().rounding().how());
        assertThat(mixed.description()).startsWith(backend.description()).contains("bf16");
        assertThat(mixed.name()).isEqualTo(backend.name());
        try (FloatVector vector = mixed.memory().allocate(4)) {
            assertThat(Arrays.equals(vector.toArray(0, 4), new float[4])).isTrue();
        }
    }
}
