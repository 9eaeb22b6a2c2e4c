package io.tessellate.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Recipe;
import io.tessellate.method.MethodName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RecipeFieldTest {
    private static final Map<Class<?>, Schema.Type> TYPES = Map.of(
            Double.class, Schema.Type.DOUBLE,
            Integer.class, Schema.Type.INT,
            Long.class, Schema.Type.LONG,
            String.class, Schema.Type.STRING,
            Boolean.class, Schema.Type.BOOLEAN);

    @Test
    void theEventHasTheSameFieldsAndNoOthers() {
        assertThat(Recipe.getClassSchema().getFields())
                .extracting(Schema.Field::name)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Arrays.stream(RecipeField.values()).map(RecipeField::text), Stream.of("auto"))
                                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void theEventSaysOfAFieldWhatTheTableSays(RecipeField field) {
        Schema.Field inEvent = Recipe.getClassSchema().getField(field.text());
        assertThat(inEvent.doc()).isEqualTo(field.meaning());
        assertThat(inEvent.schema().getTypes())
                .extracting(Schema::getType)
                .containsExactly(Schema.Type.NULL, TYPES.get(field.rule().type()));
    }

    @ParameterizedTest
    @EnumSource
    void aDefaultKeepsToItsOwnRule(RecipeField field) {
        assertThat(field.canonical(field.initial())).isEqualTo(field.initial());
    }

    @ParameterizedTest
    @EnumSource
    void aMethodsOwnDefaultIsOfAFieldAndKeepsToItsRule(MethodName method) {
        method.defaults().forEach((name, value) -> {
            RecipeField field = RecipeField.named(name).orElseThrow();
            assertThat(field.canonical(value)).isEqualTo(value);
        });
    }

    @Test
    void theDocumentationNamesEveryField() throws IOException {
        String page = Files.readString(Path.of("../../docs/methods/README.md"));
        for (RecipeField field : RecipeField.values()) {
            assertThat(page).contains("`" + field.text() + "`");
        }
    }

    @Test
    void theDocumentationNamesEveryMethod() throws IOException {
        String page = Files.readString(Path.of("../../docs/methods/README.md"));
        for (MethodName method : MethodName.values()) {
            assertThat(page).contains("`" + method.text() + "`");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "density|0|must be a number and must lie in (0, 1], or auto",
                "density|1.5|must be a number and must lie in (0, 1], or auto",
                "epochs|0|must be a number and must lie in (0, 1000000], or auto",
                "epochs|NaN|must be a number and must lie in (0, 1000000], or auto",
                "epochs|1e300|must be a number and must lie in (0, 1000000], or auto",
                "replayShare|101|must be a number and must lie in [0, 100], or auto",
                "calibrationEpochs|-1|must be a number and must lie in [0, 1000000]",
                "batchSize|2.5|must be a whole number and must lie in [1, 65536]",
                "batchSize|0|must be a whole number and must lie in [1, 65536]",
                "batchSize|1e12|must be a whole number and must lie in [1, 65536]",
                "learningRate|Infinity|must be a number and must be greater than 0, or auto",
                "maxLength|3|must be a whole number and must lie in [4, 1000000]",
                "warmupShare|1.01|must be a number and must lie in [0, 1]",
                "dropout|1|must be a number and must lie in [0, 1)",
                "seed|0.5|must be a whole number",
            })
    void aNumberThatBreaksARuleIsRefused(String field, double value, String rule) {
        assertRefused(field, value, rule);
    }

    @Test
    void whatIsOfAnotherTypeIsRefused() {
        assertRefused("epochs", "three", "must be a number and must lie in (0, 1000000], or auto");
        assertRefused("maxLength", "auto", "must be a whole number and must lie in [4, 1000000]");
        assertRefused("optimizer", "sgd", "must be one of adamw, rmsprop");
        assertRefused("packing", "yes", "must be true or false");
        assertRefused("maskFrom", 3, MaskSource.RULE);
    }

    private static void assertRefused(String field, Object value, String rule) {
        String message = "recipe field '%s' is %s but %s".formatted(field, value, rule);
        assertThat(RecipeFields.problems(Map.of(field, value))).containsExactly(message);
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> RecipeFields.complete(Map.of(field, value)))
                .withMessage(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
    }

    @Test
    void allProblemsAreSaidAtOnce() {
        List<String> problems = RecipeFields.problems(Map.of("epochs", 0, "density", 2, "momentum", 0.9));
        assertThat(problems).hasSize(3);
    }

    @Test
    void aMethodsDefaultsLieBetweenTheSharedOnesAndWhatIsGiven() {
        SortedMap<String, Object> fields = RecipeFields.complete(Map.of("method", "full", "density", 0.5f, "seed", 3));
        assertThat(fields)
                .containsEntry("density", 0.5)
                .containsEntry("epochs", 3.0)
                .containsEntry("learningRate", "auto")
                .containsEntry("seed", 3L);
        assertThat(fields).hasSize(RecipeField.values().length);
    }

    /** What is replayed beside the own batch is held on the own inputs too, unless something else is asked for. */
    @ParameterizedTest
    @CsvSource({
        "method, expander, 0.5",
        "replayShare, 0.5, 0.5",
        "replayShare, auto, 0.5",
        "replayShare, 0, 0.0",
        "method, full, 0.0",
        "preset, lotto-paper, 0.0",
        "replaySchedule, mixed, 0.0",
        "packing, true, 0.0",
        "distillShare, 2, 2.0"
    })
    void distillationGoesWithReplay(String field, String value, double share) {
        Object given = switch (field) {
            case "packing" -> true;
            case "replayShare", "distillShare" -> value.equals("auto") ? value : Double.valueOf(value);
            default -> value;
        };
        assertThat(RecipeFields.complete(Map.of(field, given))).containsEntry("distillShare", share);
    }

    @ParameterizedTest
    @CsvSource({
        "seed, 1, 300",
        "distillShare, 0, 300",
        "replayShare, 0, 0",
        "replayShare, 0.5, 300",
        "replayShare, auto, 300",
        "method, lotto, 300",
        "method, full, 0",
        "epochs, 3, 0",
        "epochs, auto, 0",
        "minSteps, 40, 40",
        "preset, lota-paper, 0",
        "preset, lotto-paper, 0",
        "preset, speft-paper, 0",
        "preset, dlth-paper, 0"
    })
    void aTaskThatRehearsesTakes300StepsUnlessSomebodySaysHowMany(String field, String value, int steps) {
        boolean number = value.matches("[0-9.]+");
        Object given = number ? (Object) Double.valueOf(value) : value;
        assertThat(RecipeFields.complete(Map.of(field, given))).containsEntry("minSteps", steps);
    }

    @Test
    void randomInputsAreRehearsedForAsManyStepsAndDistillationAloneIsNot() {
        assertThat(RecipeFields.complete(Map.of("replayShare", 0, "pseudoShare", 0.5)))
                .containsEntry("minSteps", 300);
        assertThat(RecipeFields.complete(Map.of("replayShare", 0, "distillShare", 0.5)))
                .containsEntry("minSteps", 0);
        assertThat(RecipeFields.complete(Map.of("replayShare", 0, "pseudoShare", 0.5, "epochs", 3)))
                .containsEntry("minSteps", 0);
    }

    @Test
    void whatIsLeftOutFollowsFromOthersOnce() {
        SortedMap<String, Object> complete = RecipeFields.complete(Map.of("replayShare", 0));
        complete.put("replayShare", 0.25);
        assertThat(RecipeFields.complete(complete)).containsEntry("minSteps", 0).containsEntry("distillShare", 0.0);
    }

    @Test
    void distillationIsDoneWithoutReplayWhereItIsAskedFor() {
        assertThat(RecipeFields.complete(Map.of("replayShare", 0, "distillShare", 0.5)))
                .containsEntry("distillShare", 0.5);
    }

    @Test
    void aFieldThatCanBeRacedMayBeLeftToARace() {
        assertThat(RecipeFields.complete(Map.of("learningRate", "auto", "replayShare", "auto")))
                .containsEntry("learningRate", "auto")
                .containsEntry("replayShare", "auto")
                .containsEntry("epochs", 3.0);
        assertThat(Arrays.stream(RecipeField.values())
                        .filter(field -> field.grid().isPresent()))
                .contains(RecipeField.LEARNING_RATE, RecipeField.REPLAY_SHARE, RecipeField.EPOCHS, RecipeField.DENSITY);
    }

    @Test
    void candidatesLieAFactorFromEachOtherWithinTheirGrid() {
        RaceGrid shares = RecipeField.REPLAY_SHARE.grid().orElseThrow();
        assertThat(shares.beside(0.25, true)).hasValue(0.5);
        assertThat(shares.beside(0.0625, false)).isEmpty();
        assertThat(RecipeField.LEARNING_RATE.grid().orElseThrow().beside(0.00101, false))
                .hasValue(0.000404);
    }
}
