package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What recipes ask for is what comes out of the embedded stack. */
@ExtendWith(SharedStack.class)
class RecipesIT {
    private static final Map<String, Object> FIRST_RECIPE = Map.of(
            "method", "lotto",
            "density", 0.1,
            "ticketDensity", 0.3,
            "targets", "attention",
            "maskScope", "tensor",
            "values", "bf16");
    private static final Map<String, Object> SECOND_RECIPE = Map.of(
            "method",
            "lotto",
            "density",
            0.1,
            "refreshes",
            1,
            "values",
            "bf16",
            "replayShare",
            0.25,
            "replayMemory",
            0.5,
            "replaySchedule",
            "rising",
            "distillShare",
            0.25);

    private final RunningTestStack tessellate;
    private final Path directory;
    private final PushedTasks tasks;

    RecipesIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void expanderMasksAndFullFineTuningRunOnTheSameStack() throws IOException {
        tasks.register("sparse", "--forgetting-budget", "1");
        tasks.push(
                "sparse/colours", new TinyTask("red", "green", 48, 16, 3), "--method", "expander", "--density", "0.25");
        tasks.push(
                "sparse/verbs", new TinyTask("runs", "sings", 48, 16, 4), "--method", "expander", "--density", "0.25");
        tasks.noWeightHasTwoOwners("sparse");
        assertThat(tessellate.run("verify", "sparse").exitCode()).isZero();

        tasks.register("dense", "--ownership", "shared");
        tasks.push("dense/colours", new TinyTask("red", "green", 48, 16, 3), "--method", "full", "--replay", "0");
        tasks.push("dense/verbs", new TinyTask("runs", "sings", 48, 16, 4), "--method", "full", "--replay", "0");
        JsonNode masks = tessellate.run("masks", "dense", "--output", "json").json();
        assertThat(masks.path("overlap").asLong())
                .isEqualTo(masks.path("eligible").asLong());
        tasks.oneRowPerVersion("dense", 2);
    }

    @Test
    void lowRankTasksLeaveAsLoraAdapters() throws IOException {
        tasks.register("low-rank", "--ownership", "shared");
        tasks.push("low-rank/colours", new TinyTask("red", "green", 48, 16, 3), "--method", "lora", "--rank", "3");
        tasks.push("low-rank/animals", new TinyTask("cat", "dog", 48, 16, 4), "--method", "lora", "--rank", "4");
        new ExportChecks(tessellate, directory, BaseModel.load(tasks.base())).lowRankTasksAreLoraAdapters();
    }

    /** What chooses a mask and what holds earlier tasks, together and on a base that is kept in 16 bits. */
    @Test
    void fieldsOfARecipeGoTogetherToVersionsOfABaseInSixteenBits() throws IOException {
        Path half = TinyBase.writeBrainFloats(directory.resolve("half"));
        tasks.register("half", half, "--forgetting-budget", "1");
        assertThat(tasks.line("half").file("model.safetensors").sha256())
                .isEqualTo(Sha256.of(half.resolve("model.safetensors")));
        tasks.push("half/colours", new TinyTask("red", "blue", 48, 16, 1), options(FIRST_RECIPE));
        tasks.push("half/animals", new TinyTask("cat", "dog", 48, 16, 2), options(SECOND_RECIPE));

        RecipeChecks checks = new RecipeChecks(tessellate, tasks.line("half"));
        checks.theRegistryShows(1, FIRST_RECIPE);
        checks.theRegistryShows(2, SECOND_RECIPE);
        checks.ownedValuesAreBrainFloats(1);
        checks.ownedWeightsLieIn(1, ".attention.");
        checks.everyTensorGivesTheSameShare(1);
        checks.theMaskReportSaysTheSame();
        tasks.noWeightHasTwoOwners("half");
        tasks.oneRowPerVersion("half", 2);
        tasks.theTaskViewIsExact("half", "colours");
        checks.theCommandLineVerifies();
    }

    /** As LoTA's use and its safety experiment need it: another model's task, or a topic's offsets; the recipe of record names the content. */
    @Test
    void aMaskIsCalibratedOnDataThatTheModelNeverLearns() throws IOException {
        tasks.register("lender");
        tasks.push("lender/colours", new TinyTask("red", "green", 48, 16, 3), "--method", "random");
        TaskReady lent = tasks.read(tessellate.stack().clients().topics().tasks()).stream()
                .filter(event -> event.getModel().equals("lender") && event.getReady() != null)
                .map(TaskEvent::getReady)
                .findFirst()
                .orElseThrow();
        String stretches = lent.getRanges().stream()
                .filter(range -> range.getFrom() < range.getTo())
                .map(range -> "%d:%d-%d".formatted(range.getPartition(), range.getFrom(), range.getTo()))
                .collect(Collectors.joining(","));
        String records = "topic:%s@%s".formatted(lent.getTopic(), stretches);

        tasks.register("borrower", "--forgetting-budget", "1");
        tasks.push("borrower/animals", new TinyTask("cat", "dog", 48, 16, 4), lotto("--mask-from", "lender/colours"));
        tasks.send("borrower/lost", new TinyTask("up", "down", 48, 16, 5), lotto("--mask-from", "topic:nowhere@0:0-5"));
        tasks.awaitQueued("borrower/lost");
        tasks.push("borrower/verbs", new TinyTask("runs", "sings", 48, 16, 6), lotto("--mask-from", records));

        assertThat(tasks.line("borrower").commits())
                .extracting(version -> new ObjectMapper()
                        .readTree(version.recipe())
                        .path("maskFrom")
                        .asText())
                .containsExactly("lender/colours@" + lent.getDatasetDigest(), records + "@" + lent.getDatasetDigest());
        assertThat(tasks.read(tessellate.stack().clients().topics().trainings()).stream()
                        .filter(event -> event.getModel().equals("borrower") && event.getFailed() != null))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getTask()).isEqualTo("lost");
                    assertThat(event.getFailed().getCode()).isEqualTo("INVALID_RECIPE");
                    assertThat(event.getFailed().getMessage())
                            .isEqualTo("recipe field 'maskFrom' is topic:nowhere@0:0-5, which cannot be calibrated on:"
                                    + " topic nowhere does not exist");
                });
        assertThat(tasks.line("lender").commits()).hasSize(1);
    }

    private static String[] lotto(String... more) {
        return Stream.concat(Stream.of("--method", "lotto", "--density", "0.1"), Stream.of(more))
                .toArray(String[]::new);
    }

    private static String[] options(Map<String, Object> recipe) {
        return recipe.entrySet().stream()
                .flatMap(field -> Stream.of(
                        "--" + field.getKey().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                        field.getValue().toString()))
                .toArray(String[]::new);
    }
}
