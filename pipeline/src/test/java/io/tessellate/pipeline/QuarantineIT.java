package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.VersionStanding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A model whose failed versions are set aside, on the running stack. */
@ExtendWith(SharedStack.class)
class QuarantineIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final RunningTestStack tessellate;
    private final PushedTasks tasks;
    private final Path directory;

    QuarantineIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void theAdapterOfAFailedVersionIsInNoLaterOneAndItsWeightsAreFreeAgain() throws IOException {
        tasks.register("ward", "--forgetting-budget", "0", "--failed-versions", "quarantine");
        tasks.push("ward/colours", new TinyTask("red", "blue", 96, 64, 1), "--method", "lotto", "--density", "0.1");
        long free = tasks.line("ward").free();
        Path files = new TinyTask("cat", "dog", 96, 16, 2).write(directory.resolve("harm"));
        String[] harm = {
            "push",
            "ward/harm",
            "--data",
            files.toString(),
            "--method",
            "random",
            "--density",
            "0.8",
            "--learning-rate",
            "0.1",
            "--epochs",
            "4",
            "--replay",
            "0",
            "--seed",
            "1"
        };
        assertThat(tessellate.run(harm).exitCode()).isZero();
        await().atMost(PATIENCE)
                .until(() -> tasks.line("ward").currentVersion() == 2
                        && tasks.line("ward").parent() == 1);

        ModelLine line = tasks.line("ward");
        assertThat(line.standing(2)).isEqualTo(VersionStanding.QUARANTINED);
        assertThat(line.champion()).hasValue(1);
        assertThat(line.free()).isEqualTo(free);
        JsonNode matrix = tessellate.run("matrix", "ward", "--output", "json").json();
        assertThat(matrix.at("/rows/1/verdict/verdict").asText()).isEqualTo("FAIL");
        assertThat(matrix.at("/rows/1/verdict/tasks/0/task").asText()).isEqualTo("colours");
        assertThat(matrix.at("/rows/1/verdict/tasks/0/drop").asDouble()).isPositive();

        tasks.push("ward/verbs", new TinyTask("runs", "sings", 48, 16, 3), "--method", "lotto", "--density", "0.1");
        line = tasks.line("ward");
        assertThat(line.version(3).builtOn()).isEqualTo(1);
        assertThat(line.holding(3).numbers()).containsExactly(1, 3);
        assertThat(tessellate.run("verify", "ward").exitCode()).isZero();
        assertThat(tessellate.check("ward"::equals).verdicts())
                .allSatisfy(verdict -> assertThat(verdict.broken()).isEmpty());
    }
}
