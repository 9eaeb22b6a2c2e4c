package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.event.FilesRemoved;
import io.tessellate.pipeline.rest.StackApi;
import io.tessellate.runtime.blob.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code gc} on the running stack: what nobody names goes, and nothing else, and only when it is asked for. */
@ExtendWith(SharedStack.class)
class UnusedFilesIT {
    private static final String REMOVE = "/api/v1/unused-files/remove?who=Ada";
    private static final Duration LONG_AGO = Duration.ofDays(40);

    private final RunningTestStack tessellate;
    private final PushedTasks tasks;
    private final Path directory;

    UnusedFilesIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void whatNoEventNamesGoesAndWhatOneNamesStaysHoweverOldItIs() throws IOException {
        tasks.register("attic", "--forgetting-budget", "1");
        tasks.push("attic/colours", new TinyTask("red", "blue", 48, 16, 1), "--method", "lotto", "--density", "0.1");
        Path named = tessellate
                .stack()
                .blobs()
                .fetch(tasks.line("attic").commit(1).adapter().sha256());
        Path forgotten = stored("nobody ever named this");
        Path young = stored("this may be named in a moment");
        old(named);
        old(forgotten);
        String[] limit = {"--older-than", "30d", "--output", "json"};

        JsonNode dry = gc(limit);
        assertThat(paths(dry)).contains(forgotten.toString()).doesNotContain(named.toString(), young.toString());
        assertThat(dry.path("removed").asInt()).isZero();
        assertThat(forgotten).exists();

        byHttpItGoesOnlyForWhoHasSeenIt(forgotten);
        forgotten = stored("nobody ever named this");
        old(forgotten);
        JsonNode removed = gc("--delete", "--why", "the disk is full", "--older-than", "30d", "--output", "json");
        assertThat(removals())
                .extracting(FilesRemoved::getWhy, FilesRemoved::getWho, FilesRemoved::getRemoved)
                .containsSubsequence(
                        tuple("tidied", "Ada", null),
                        tuple("tidied", "Ada", 1L),
                        tuple("the disk is full", System.getProperty("user.name"), null),
                        tuple("the disk is full", System.getProperty("user.name"), (long)
                                removed.path("removed").asInt()));
        assertThat(paths(removed)).contains(forgotten.toString());
        assertThat(removed.path("removed").asInt())
                .isEqualTo(removed.path("found").asInt());
        assertThat(forgotten).doesNotExist();
        assertThat(named).exists();
        assertThat(young).exists();
        assertThat(tessellate.run("verify", "attic").exitCode()).isZero();
        assertThat(paths(gc(limit))).doesNotContain(forgotten.toString());
        assertThat(tessellate.run("gc", "--older-than", "1s").err()).contains("--older-than must be at least 1h");
    }

    private void byHttpItGoesOnlyForWhoHasSeenIt(Path forgotten) throws IOException {
        StackApi api = new StackApi(
                tessellate.stack().file().http(),
                Path.of(tessellate.stack().file().token()));
        JsonNode seen = api.post("/api/v1/unused-files", Map.of("olderThan", "30d"));
        assertThat(paths(seen)).containsExactly(forgotten.toString());
        Map<String, String> asked = Map.of(
                "before", seen.path("before").asText(),
                "confirmation", seen.path("confirmation").asText(),
                "why", "tidied");
        Path another = stored("nor this");
        old(another);
        assertThatThrownBy(() -> api.post(REMOVE, asked)).hasMessageContaining("look again");
        assertThat(forgotten).exists();
        Files.delete(another);
        assertThat(api.post(REMOVE, asked).path("removed").asInt()).isEqualTo(1);
        assertThat(forgotten).doesNotExist();
        assertThatThrownBy(() -> api.post("/api/v1/unused-files", Map.of("olderThan", "1m")))
                .hasMessageContaining("at least 1h old");
    }

    private List<FilesRemoved> removals() {
        return tasks.read(tessellate.stack().clients().topics().removals()).stream()
                .map(event -> event.getWho().startsWith("Ada (token ")
                        ? FilesRemoved.newBuilder(event).setWho("Ada").build()
                        : event)
                .sorted(Comparator.comparing(FilesRemoved::getAt))
                .toList();
    }

    private JsonNode gc(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "gc";
        System.arraycopy(options, 0, arguments, 1, options.length);
        RunningTestStack.Answer answer = tessellate.run(arguments);
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        return answer.json();
    }

    private static Iterable<String> paths(JsonNode answer) {
        return StreamSupport.stream(answer.path("files").spliterator(), false)
                .map(file -> file.path("path").asText())
                .toList();
    }

    private Path stored(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("some.bin"), text);
        Blob blob = tessellate.stack().blobs().put("some.bin", file);
        return tessellate.stack().blobs().fetch(blob.sha256());
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG_AGO)));
    }
}
