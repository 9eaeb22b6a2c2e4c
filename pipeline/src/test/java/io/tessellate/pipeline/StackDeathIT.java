package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.pipeline.RunningTestStack.Answer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of a running stack that die, and at last the whole of it, while a command waits for it. */
class StackDeathIT {
    private static final TinyTask LONG = new TinyTask("red", "blue", 400, 40, 21);
    private static final TinyTask SHORT = new TinyTask("cat", "dog", 48, 16, 3);

    @TempDir
    private Path directory;

    @Test
    void aDeadPartIsStartedAgainAndACommandThatWaitsForADeadStackEnds() throws Exception {
        RunningTestStack.requireRegistry();
        Path base = TinyBase.write(directory.resolve("base"));
        Path data = directory.resolve("data");
        try (UpProcess first = UpProcess.start(data)) {
            assertThat(ask(data, "models", "register", "glue", "--base", base.toString())
                            .exitCode())
                    .isZero();
            aRunIsCancelledAndEverythingKilledBeforeItEnds(first);
        }
        try (UpProcess up = UpProcess.start(data)) {
            aCancelledRunStaysCancelled(data);
            aKilledSchemaRegistryComesBack(up);
            aWaitThatTakesTooLongEnds(data);
            aWaitForAKilledStackEnds(up);
        }
    }

    private void aRunIsCancelledAndEverythingKilledBeforeItEnds(UpProcess up) throws Exception {
        assertThat(send(up.data()).exitCode()).isZero();
        up.awaitTraining();
        List<ProcessHandle> children = up.process().children().toList();
        assertThat(ask(up.data(), "cancel", "glue/colours", "--why", "the wrong split")
                        .exitCode())
                .isZero();
        up.kill();
        Awaitility.await()
                .atMost(UpProcess.PATIENCE)
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** The checkpoint is still there; nobody goes on from it, and the name is free. */
    private static void aCancelledRunStaysCancelled(Path data) {
        Awaitility.await().atMost(UpProcess.PATIENCE).untilAsserted(() -> {
            Answer tasks = ask(data, "tasks", "--output", "json");
            assertThat(tasks.out()).contains("\"state\":\"CANCELLED\"", "the wrong split");
        });
        assertThat(ask(data, "models", "list", "--output", "json")
                        .json()
                        .at("/0/version")
                        .asInt())
                .isZero();
    }

    private void aKilledSchemaRegistryComesBack(UpProcess up) throws Exception {
        ProcessHandle killed = up.schemaRegistry();
        killed.destroyForcibly();
        Awaitility.await()
                .atMost(UpProcess.PATIENCE)
                .until(() -> up.text().contains("schema registry was started again"));
        assertThat(up.text()).contains("schema registry is down: ended with status 137", "try 1 of 6");
        assertThat(up.schemaRegistry().pid()).isNotEqualTo(killed.pid());
        Answer push = ask(
                up.data(),
                "push",
                "glue/animals",
                "--data",
                SHORT.write(directory.resolve("animals")).toString(),
                "--method",
                "lotto",
                "--density",
                "0.1",
                "--epochs",
                "1",
                "--replay",
                "0",
                "--wait");
        assertThat(push.exitCode()).as(push.err()).isZero();
    }

    private void aWaitThatTakesTooLongEnds(Path data) throws Exception {
        Answer push = push(data, "--timeout", "1s");
        assertThat(push.exitCode()).as(push.err()).isEqualTo(1);
        assertThat(push.err()).contains("not done within the 1 s of --timeout", "TIMEOUT");
    }

    private void aWaitForAKilledStackEnds(UpProcess up) throws Exception {
        ProcessHandle registry = up.schemaRegistry();
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return push(up.data());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        // Not by a checkpoint: that of the cancelled run may still lie there.
        Awaitility.await()
                .atMost(UpProcess.PATIENCE)
                .until(() -> ask(up.data(), "tasks", "--output", "json").out().contains("\"state\":\"TRAINING\""));
        up.kill();
        Answer push = waiting.get(1, TimeUnit.MINUTES);
        assertThat(push.exitCode()).as(push.err()).isEqualTo(1);
        assertThat(push.err()).contains("has ended; start it again with: tessellate up --data-dir", "UNAVAILABLE");
        Awaitility.await().atMost(UpProcess.PATIENCE).until(() -> !registry.isAlive());
    }

    private Answer push(Path data, String... more) throws Exception {
        String[] waiting = Arrays.copyOf(more, more.length + 1);
        waiting[more.length] = "--wait";
        return send(data, waiting);
    }

    private Answer send(Path data, String... more) throws Exception {
        Path files = LONG.write(directory.resolve("colours"));
        String[] arguments = {
            "push",
            "glue/colours",
            "--data",
            files.toString(),
            "--method",
            "lotto",
            "--density",
            "0.2",
            "--epochs",
            "400",
            "--learning-rate",
            "0.001",
            "--batch-size",
            "4",
            "--seed",
            "5",
            "--replay",
            "0"
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return ask(data, all);
    }

    private static Answer ask(Path data, String... arguments) {
        return RunningTestStack.run(data, arguments);
    }
}
