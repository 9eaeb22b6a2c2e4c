package io.tessellate.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.method.MethodName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FieldConflictTest {
    private static final String ROWS = """
            full       | elasticity values
            ewc        | elasticity values
            lora       | targets
            pissa      | targets
            lota       | ticketDensity calibrationLearningRate calibrationOptimizer calibrationScope maskFrom refreshes avoid targets elasticity values
            lotto      | ticketDensity calibrationLearningRate calibrationOptimizer calibrationScope maskFrom refreshes avoid targets elasticity values
            expander   | avoid targets parallel rampShare elasticity values
            switches   | avoid targets rampShare elasticity values
            matchings  | avoid targets rampShare elasticity values
            random     | refreshes avoid targets rampShare elasticity values
            one_sided  | avoid targets rampShare elasticity values
            magnitude  | refreshes avoid targets rampShare elasticity values
            gradient   | maskFrom refreshes avoid targets elasticity values
            snip       | maskFrom refreshes avoid targets elasticity values
            force      | maskFrom refreshes avoid targets elasticity values
            taylor     | maskFrom refreshes avoid targets elasticity values
            fisher     | maskFrom refreshes avoid targets elasticity values
            grasp      | maskFrom refreshes avoid targets elasticity values
            grasp_printed | maskFrom refreshes avoid targets elasticity values
            synflow    | refreshes avoid targets rampShare elasticity values
            """;

    private static final Map<String, Object> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put("ticketDensity", 0.5);
        OPTIONS.put("calibrationLearningRate", 1e-3);
        OPTIONS.put("calibrationOptimizer", "rmsprop");
        OPTIONS.put("calibrationScope", "all");
        OPTIONS.put("maskFrom", "first");
        OPTIONS.put("refreshes", 1);
        OPTIONS.put("avoid", "fisher");
        OPTIONS.put("targets", "qv");
        OPTIONS.put("parallel", true);
        OPTIONS.put("rampShare", 0.3);
        OPTIONS.put("elasticity", 1.0);
        OPTIONS.put("values", "bf16");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = ROWS)
    void aMethodTakesTheOptionsThatMeanSomethingToIt(String method, String accepted) {
        List<String> taken = OPTIONS.keySet().stream()
                .filter(option -> problems(method, option).isEmpty())
                .toList();
        assertThat(taken).containsExactly(accepted.split(" "));
    }

    @Test
    void everyMethodHasARow() {
        assertThat(ROWS.lines().map(row -> row.split(" ")[0])).containsExactlyElementsOf(MethodName.texts());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    full   | ticketDensity | 'ticketDensity' is 0.5 but must be 0 where the method is neither lota nor lotto
                    expander | calibrationLearningRate | 'calibrationLearningRate' is 0.001 but must be 0 where the method is neither lota nor lotto
                    gradient | calibrationOptimizer | 'calibrationOptimizer' is rmsprop but must be same where the method is neither lota nor lotto
                    full   | calibrationScope | 'calibrationScope' is all but must be eligible where the method is neither lota nor lotto
                    random | maskFrom      | 'maskFrom' is first but must be empty where the method looks at no data
                    full   | refreshes     | 'refreshes' is 1 but must be 0 where the method chooses no weights one by one
                    full   | avoid         | 'avoid' is fisher but must be none where the method has no mask to leave weights out of
                    ewc    | targets       | 'targets' is qv but must be all where all weights are trained
                    lotto  | parallel      | 'parallel' is true but must be false unless the method is expander
                    snip   | rampShare     | 'rampShare' is 0.3 but must be 0 unless the method's mask is fixed before anything is trained
                    lora   | elasticity    | 'elasticity' is 1.0 but must be 0 where weights are trained through factors
                    pissa  | values        | 'values' is bf16 but must be fp32 where weights are trained through factors
                    """)
    void aRefusalSaysWhichMethodsItIsAbout(String method, String option, String message) {
        assertThat(problems(method, option)).containsExactly("recipe field " + message);
    }

    @Test
    void aMixtureTakesNeitherDistillationNorPacks() {
        Map<String, Object> mixed = Map.of("replaySchedule", "mixed", "distillShare", 0.5, "packing", true);
        assertThat(RecipeFields.problems(mixed))
                .containsExactly(
                        "recipe field 'distillShare' is 0.5 but must be 0 where replaySchedule is mixed",
                        "recipe field 'distillShare' is 0.5 but must be 0 where packing is asked for",
                        "recipe field 'packing' is true but must be false where replaySchedule is mixed");
    }

    @Test
    void norPseudorehearsal() {
        assertThat(RecipeFields.problems(Map.of("replaySchedule", "mixed", "pseudoShare", 0.5)))
                .containsExactly("recipe field 'pseudoShare' is 0.5 but must be 0 where replaySchedule is mixed");
        assertThat(RecipeFields.problems(Map.of("packing", true, "pseudoShare", 0.5)))
                .containsExactly("recipe field 'pseudoShare' is 0.5 but must be 0 where packing is asked for");
    }

    @Test
    void distillationOfPacksIsRefusedAndOnlyWhereItIsAskedFor() {
        assertThat(RecipeFields.problems(Map.of("packing", true, "distillShare", 0.5)))
                .containsExactly("recipe field 'distillShare' is 0.5 but must be 0 where packing is asked for");
        assertThat(RecipeFields.problems(Map.of("packing", true))).isEmpty();
        assertThat(RecipeFields.problems(Map.of("replaySchedule", "mixed"))).isEmpty();
    }

    private static List<String> problems(String method, String option) {
        Map<String, Object> given = new HashMap<>(Map.of("method", method));
        given.put(option, OPTIONS.get(option));
        return RecipeFields.problems(given);
    }
}
