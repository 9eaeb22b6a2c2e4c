package io.tessellate.pipeline.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.plan.MemoryAnswer;
import io.tessellate.engine.precision.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PlanOptionsTest {
    @TempDir
    private Path directory;

    @Command(name = "plan", modelTransformer = RecipeOptions.Flags.class)
    static final class Asked implements RecipeOptions.Taker {
        private final RecipeOptions recipe = new RecipeOptions();

        @Mixin
        private PlanOptions plan = new PlanOptions();

        @Override
        public RecipeOptions recipe() {
            return recipe;
        }
    }

    private static Asked parse(String... flags) {
        Asked asked = new Asked();
        new CommandLine(asked).parseArgs(flags);
        return asked;
    }

    @Test
    void flagsOfRecipesAndOfThePlanComeTogetherInOneQuestion() throws Exception {
        Path config = Files.writeString(directory.resolve("config.json"), """
                {"model_type": "bert", "vocab_size": 100, "hidden_size": 32, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "intermediate_size": 64, "max_position_embeddings": 64,
                 "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0, "hidden_act": "gelu"}
                """);
        Asked asked = parse(
                "--plan",
                config.toString(),
                "--method",
                "lotto",
                "--density",
                "0.05",
                "--batch",
                "8",
                "--length",
                "512",
                "--tasks",
                "2",
                "--memory",
                "2GiB",
                "--recompute",
                "--labels",
                "3");
        asked.plan.requireMeant(asked.recipe);
        MemoryAnswer answer = asked.plan.answer(asked.recipe, Precision.FP32, "torch:cuda");
        assertThat(answer.question().recipe().json())
                .contains("\"method\":\"lotto\"", "\"density\":0.05", "\"batchSize\":8", "\"recompute\":true");
        assertThat(answer.question().length()).isEqualTo(64);
        assertThat(answer.question().task().earlier()).isEqualTo(2);
        assertThat(answer.limits().device().total()).isEqualTo(2L << 30);
        assertThat(answer.limits().device().shared()).isFalse();
    }

    @Test
    void whatMeansNothingWithoutAPlanIsRefused() {
        for (String flag : new String[] {"--batch=8", "--text", "--memory=8GB", "--density=0.1"}) {
            Asked asked = parse(flag);
            assertThatThrownBy(() -> asked.plan.requireMeant(asked.recipe))
                    .hasMessageContaining("belong to --plan MODEL");
        }
        Asked none = parse();
        none.plan.requireMeant(none.recipe);
        assertThat(none.plan.asked()).isFalse();
    }

    @Test
    void countsThatCannotBeAreRefused() {
        Asked asked = parse("--plan", "config.json", "--tasks", "-1");
        assertThatThrownBy(() -> asked.plan.answer(asked.recipe, Precision.FP32, "host"))
                .hasMessage("--tasks is -1 but must be at least 0");
    }
}
