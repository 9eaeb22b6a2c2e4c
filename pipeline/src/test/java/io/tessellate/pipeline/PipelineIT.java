package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.pipeline.RunningTestStack.Answer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of datasets through the embedded stack, held to the promises. */
@ExtendWith(SharedStack.class)
class PipelineIT {
    private final RunningTestStack tessellate;
    private final Path directory;
    private final PushedTasks tasks;

    PipelineIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void tasksPushedOneAfterTheOtherKeepThePromises() throws IOException {
        tasks.register("glue", "--forgetting-budget", "1");
        tasks.push("glue/colours", new TinyTask("red", "blue", 96, 32, 1), "--method", "lotto", "--density", "0.2");
        tasks.push("glue/animals", new TinyTask("cat", "dog", 96, 32, 2), "--method", "lotto", "--density", "0.2");

        countsAddUp(tessellate.run("tasks", "glue", "--output", "json").json());
        tasks.noWeightHasTwoOwners("glue");
        tasks.oneRowPerVersion("glue", 2);
        tasks.theTaskViewIsExact("glue", "colours");

        JsonNode masks = tessellate.run("masks", "glue", "--output", "json").json();
        assertThat(masks.path("overlap").asLong()).isZero();
        assertThat(masks.path("eligible").asLong() - masks.path("free").asLong())
                .isEqualTo(masks.path("tasks").get(0).path("owned").asLong()
                        + masks.path("tasks").get(1).path("owned").asLong());
        JsonNode verdict = tessellate.run("verify", "glue", "--output", "json").json();
        assertThat(verdict.path("ok").asBoolean()).isTrue();
        assertThat(verdict.path("tasks")).hasSize(2);
        var exports = new ExportChecks(tessellate, directory, BaseModel.load(tasks.base()));
        exports.loadAgain();
        exports.aTaskIsAShiraAdapter();
        exports.aTaskIsAnOnnxFile();
        exports.aTaskUnderAMaskIsNoLoraAdapter();
        exports.tasksMergeToTheUnionView();
    }

    @Test
    void theDoctorFindsNothingWrongWithAStackThatRuns() {
        JsonNode answer = tessellate.run("doctor", "--output", "json").json();
        assertThat(answer.path("checks"))
                .filteredOn(check -> check.path("check").asText().matches("stack|broker|schema registry|topics|clock"))
                .hasSize(5)
                .allMatch(check -> check.path("verdict").asText().equals("good"));
    }

    @Test
    void theSameDatasetAgainTrainsNothingTwice() throws IOException {
        tasks.register("again");
        TinyTask task = new TinyTask("red", "blue", 32, 16, 5);
        tasks.push("again/colours", task, "--density", "0.25");
        Answer second = tasks.push("again/colours", task, "--density", "0.25");
        assertThat(second.err()).contains("holds this dataset already; nothing is sent");
        Answer other = tessellate.run(
                "push",
                "again/colours",
                "--data",
                directory.resolve("again-colours").toString(),
                "--seed",
                "2");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("[TASK_CLOSED]").doesNotContain("\tat ");
        assertThat(tasks.line("again").currentVersion()).isEqualTo(1);
    }

    @Test
    void whatIsWrongIsSaidInOneLineWithItsCode() {
        Answer unknown = tessellate.run("matrix", "nobody", "--output", "json");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err().strip()).isEqualTo("tessellate: model nobody is not registered [UNKNOWN_MODEL]");
        Answer usage = tessellate.run("push", "no-slash", "--data", "x");
        assertThat(usage.exitCode()).isEqualTo(2);
        assertThat(usage.err()).contains("task 'no-slash' must be model/task");
    }

    @Test
    void aSecondStackOnTheSameDirectoryIsRefused() {
        Answer second = tessellate.run("up");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("in use by another 'tessellate up'");
    }

    private static void countsAddUp(JsonNode tasks) {
        assertThat(tasks).isNotEmpty();
        for (JsonNode task : tasks) {
            long sum = task.path("accepted").asLong()
                    + task.path("deadLettered").asLong()
                    + task.path("duplicates").asLong();
            assertThat(task.path("read").asLong())
                    .as(task.toString())
                    .isEqualTo(sum)
                    .isEqualTo(128);
        }
    }
}
