package io.tessellate.pipeline.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.error.TessellateException;
import io.tessellate.event.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

final class RecipeOptionsTest {
    @Command(name = "taker", modelTransformer = RecipeOptions.Flags.class)
    static final class Taker implements RecipeOptions.Taker {
        private final RecipeOptions options = new RecipeOptions();

        @Override
        public RecipeOptions recipe() {
            return options;
        }
    }

    private static Recipe over(Recipe recipe, String... flags) {
        Taker taker = new Taker();
        new CommandLine(taker).parseArgs(flags);
        return taker.options.over(recipe);
    }

    @Test
    void aNumberAndAutoOverruleEachOther() {
        Recipe raced =
                over(Recipe.newBuilder().setReplayShare(0.5).build(), "--replay", "auto", "--learning-rate", "0.25");
        assertThat(raced.getReplayShare()).isNull();
        assertThat(raced.getAuto()).isEqualTo(List.of("replayShare"));
        assertThat(raced.getLearningRate()).isEqualTo(0.25);
        Recipe named = over(raced, "--replay", "0.125");
        assertThat(named.getReplayShare()).isEqualTo(0.125);
        assertThat(named.getAuto()).isNull();
    }

    @Test
    void whatIsNeitherIsRefused() {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> over(Recipe.newBuilder().build(), "--learning-rate", "fast"))
                .withMessageContaining("'fast' is neither a number nor auto");
    }

    @Test
    void aValueThatItsFieldCannotHaveIsRefusedWhateverElseTheRecipeSays() {
        Taker taker = new Taker();
        new CommandLine(taker).parseArgs("--precision", "mixd", "--replay", "auto");
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(taker.options::requireValues)
                .withMessage("recipe field 'precision' is mixd but must be one of fp32, mixed, auto");
        new CommandLine(taker).parseArgs("--precision", "mixed", "--replay", "auto");
        taker.options.requireValues();
    }
}
