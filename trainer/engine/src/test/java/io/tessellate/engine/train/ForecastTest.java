package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.forecast.LayerDemand;
import io.tessellate.engine.forecast.MaskForecast;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.method.Trait;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said before a training, held against the training. */
class ForecastTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("one", 1, 64);
    private final StreamTask second = ToyTasks.lookup("two", 2, 64);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(String method, double density, Map<String, ?> fields) {
        Map<String, Object> all = new HashMap<>(
                Map.of("method", method, "learningRate", 1e-3, "density", density, "epochs", 1.0, "batchSize", 16));
        all.putAll(fields);
        return Recipe.of(all);
    }

    private MaskForecast forecast(StreamTask task, Recipe recipe, double share) {
        TrainingJob job = model.job(task, recipe);
        return new Trainer(TrainingFixture.BACKEND)
                .forecast(
                        job,
                        job.earlier(),
                        share,
                        TrainingControl.unattended(new CheckpointStore(directory.resolve("forecast"))));
    }

    private void learn(StreamTask task, Recipe recipe) {
        model.commit(task, model.train(task, recipe, directory.resolve("learn")).adapter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lotto", "lota", "gradient", "snip", "magnitude", "random", "expander"})
    void whatItSaysOfAllExamplesIsWhatTheTrainingChooses(String method) {
        learn(first, recipe(method, 0.25, Map.of()));
        Recipe recipe = recipe(method, 0.25, Map.of());

        MaskForecast forecast = forecast(second, recipe, 1);
        Mask trained = model.train(second, recipe, directory.resolve("train"))
                .adapter()
                .mask(model.owned().space());

        assertThat(forecast.exact()).isTrue();
        assertThat(forecast.chosen()).hasValue(trained);
        assertThat(trained.intersects(model.owned()))
                .isEqualTo(recipe.methodName().has(Trait.MAY_OVERLAP)
                        && forecast.wanted().intersects(model.owned()));
        assertThat(forecast.wanted().cardinality()).isEqualTo(trained.cardinality());
    }

    @Test
    void whatIsReplayedOrSparedInTheTrainingIsSoInTheForecast() {
        learn(first, recipe("lotto", 0.25, Map.of()));
        Recipe recipe = recipe(
                "lotto", 0.25, Map.of("replayShare", 0.25, "avoid", "conflict", "avoidShare", 0.2, "targets", "mlp"));

        MaskForecast forecast = forecast(second, recipe, 1);

        assertThat(forecast.chosen())
                .hasValue(model.train(second, recipe, directory.resolve("train"))
                        .adapter()
                        .mask(model.owned().space()));
    }

    @Test
    void nothingIsChangedAndTheSameQuestionHasTheSameAnswer() {
        learn(first, recipe("lotto", 0.25, Map.of()));
        float[] before = values();

        MaskForecast forecast = forecast(second, recipe("lotto", 0.25, Map.of()), 0.5);

        assertThat(values()).isEqualTo(before);
        MaskForecast again = forecast(second, recipe("lotto", 0.25, Map.of()), 0.5);
        assertThat(again.chosen()).isEqualTo(forecast.chosen());
        assertThat(again.conflicts()).isEqualTo(forecast.conflicts());
        assertThat(forecast.exact()).isFalse();
        assertThat(forecast.examples())
                .isEqualTo((int) Math.round(second.data().train().size() / 2.0));
    }

    private float[] values() {
        String tensor = model.owned().space().tensor(0).name();
        return model.views().union().get(tensor);
    }

    @Test
    void whoOwnsWhatIsWantedIsCountedLayerByLayer() {
        learn(first, recipe("magnitude", 0.5, Map.of()));

        MaskForecast forecast = forecast(second, recipe("magnitude", 0.25, Map.of()), 1);

        // The largest weights of the union are mostly those that the first task took.
        assertThat(forecast.wanted().intersectionSize(model.owned())).isPositive();
        assertThat(forecast.steps()).isZero();
        List<LayerDemand> layers = forecast.layers();
        assertThat(layers.stream().mapToLong(LayerDemand::targeted).sum())
                .isEqualTo(model.owned().space().size());
        assertThat(layers.stream().mapToLong(LayerDemand::wantedOwned).sum())
                .isEqualTo(forecast.wanted().intersectionSize(model.owned()));
        assertThat(layers.stream().mapToLong(LayerDemand::left).sum())
                .isEqualTo(model.owned().space().size()
                        - model.owned().cardinality()
                        - forecast.wanted().cardinality());
    }

    @Test
    void tooLittleLeftIsAnAnswer() {
        learn(first, recipe("lotto", 0.6, Map.of()));

        MaskForecast forecast = forecast(second, recipe("lotto", 0.6, Map.of()), 1);

        assertThat(forecast.chosen()).isEmpty();
        assertThat(forecast.lacking()).contains("may be chosen");
        assertThat(forecast.wanted().cardinality()).isPositive();
    }

    @Test
    void aTaskDoesNotConflictWithItself() {
        TrainingJob job = model.job(second, recipe("lotto", 0.25, Map.of("examinedShare", 1.0)));
        Head head = Curriculum.of(job.recipe(), job.data(), job.learnt()).initialHead(Phase.TRAIN);
        EarlierTask itself = EarlierTask.of(second.data(), head, 0);

        MaskForecast forecast = new Trainer(TrainingFixture.BACKEND)
                .forecast(
                        job,
                        List.of(itself),
                        1,
                        TrainingControl.unattended(new CheckpointStore(directory.resolve("forecast"))));

        assertThat(forecast.conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.cosine()).isEqualTo(1, within(1e-5));
            assertThat(conflict.length()).isPositive();
            assertThat(conflict.examples()).isEqualTo(second.data().train().size());
        });
    }

    @Test
    void aFieldLeftToTheRaceIsPresumedAndSaid() {
        Recipe open = Recipe.of(Map.of("method", "lotto", "density", 0.25, "epochs", 1.0, "batchSize", 16));

        MaskForecast forecast = forecast(first, open, 1);

        assertThat(forecast.presumed().keySet())
                .isEqualTo(new TreeSet<>(
                        open.raced().stream().map(field -> field.text()).toList()));
        assertThat(forecast.chosen()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1.01, Double.NaN})
    void aShareIsAboveZeroAndNoMoreThanAll(double share) {
        assertThatThrownBy(() -> forecast(first, recipe("lotto", 0.25, Map.of()), share))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
