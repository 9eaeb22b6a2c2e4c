package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.recipe.RecipeField;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The smallest and the largest number that each field of a recipe accepts: a run that trains, or an error from the table; never a defect, never a run that hangs. */
class ExtremeRecipesTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int STEPS = 3;
    private static final int ASKED = 1000;

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask first = ToyTasks.lookup("first", 1, 48);
    private final StreamTask second = ToyTasks.agreement("second", 2, 48);

    @TempDir
    private Path directory;

    /** A field with one of the outermost numbers it may have, in a recipe in which it counts. */
    private record Extreme(RecipeField field, Object value, Map<String, Object> others) {
        Recipe recipe() {
            Map<String, Object> fields = new HashMap<>(others);
            fields.put(field.text(), value);
            return Recipe.of(fields);
        }

        @Override
        public String toString() {
            return "%s %s of %s".formatted(field.text(), value, others.get("method"));
        }
    }

    static Stream<Extreme> extremes() {
        return Stream.of(RecipeField.values())
                .flatMap(field -> numbers(field).stream().map(value -> new Extreme(field, value, others(field))));
    }

    private static Map<String, Object> others(RecipeField field) {
        Map<String, Object> others =
                new HashMap<>(Map.of("epochs", 1, "density", 0.1, "replayShare", 0.25, "distillShare", 0.5));
        switch (field) {
            case RANK, ALPHA -> others.putAll(Map.of("method", "lora", "learningRate", 1e-3));
            case REFRESHES -> others.putAll(Map.of("method", "snip", "learningRate", 1e-3));
            case ELASTICITY -> others.putAll(Map.of("method", "ewc", "learningRate", 1e-3));
            case RACE_BUDGET -> others.put("method", "lotto");
            default ->
                others.putAll(
                        Map.of("method", "lotto", "learningRate", 1e-3, "calibrationEpochs", 1, "stopShare", 0.2));
        }
        return others;
    }

    /** The outermost of some numbers from nothing to the largest there is, as far as the field accepts them. */
    private static List<Object> numbers(RecipeField field) {
        if (field.rule().type() != Double.class && field.rule().type() != Integer.class) {
            return List.of();
        }
        List<Object> accepted = DoubleStream.of(
                        0,
                        Double.MIN_VALUE,
                        1e-9,
                        1,
                        4,
                        0.999_999_999,
                        100,
                        1e6,
                        Integer.MAX_VALUE,
                        1e12,
                        Double.MAX_VALUE)
                .sorted()
                .boxed()
                .filter(value -> field.rule().canonical(value).isPresent())
                .map(Object.class::cast)
                .toList();
        return List.of(accepted.get(0), accepted.get(accepted.size() - 1));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @MethodSource("extremes")
    void theOutermostNumbersTrainOrAreRefused(Extreme extreme) {
        Recipe plain = Recipe.of(Map.of("method", "random", "density", 0.1, "epochs", 0.1, "learningRate", 1e-3));
        model.commit(first, model.train(first, plain, directory.resolve("1")).adapter());
        Optional<ErrorCode> refused = Assertions.assertTimeoutPreemptively(LONG, () -> refusal(extreme));
        assertThat(refused).isNotEqualTo(Optional.of(ErrorCode.DEFECT));
    }

    /** Why a run was refused or stopped; nothing where it trained to its end. What is no error of the table's is thrown. */
    private Optional<ErrorCode> refusal(Extreme extreme) {
        AtomicInteger steps = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        TrainingControl control = new TrainingControl(
                progress -> steps.incrementAndGet(),
                () -> steps.get() >= STEPS || asked.incrementAndGet() > ASKED,
                new CheckpointStore(directory.resolve("2")),
                CheckpointPolicy.standard(),
                Clock.systemUTC());
        try {
            new Trainer(TrainingFixture.BACKEND).train(model.job(second, extreme.recipe()), control);
            return Optional.empty();
        } catch (TessellateException e) {
            return Optional.of(e.code());
        }
    }
}
