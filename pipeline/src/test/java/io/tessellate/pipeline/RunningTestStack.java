package io.tessellate.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.pipeline.check.History;
import io.tessellate.pipeline.check.HistoryReader;
import io.tessellate.pipeline.check.PromiseCheck;
import io.tessellate.pipeline.cli.Tessellate;
import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.stack.Stack;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** The whole stack in the test's JVM, and the command line beside it. */
final class RunningTestStack implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path directory;
    private final Stack stack;

    RunningTestStack(Path directory) {
        requireRegistry();
        this.directory = directory;
        this.stack = new Stack(settings(directory), EnumSet.allOf(Member.class), stage -> {});
        stack.start();
        stack.awaitReady(Duration.ofMinutes(3));
    }

    /** As the demo, with two lanes for parallel tasks, and counts that are said soon. */
    private static StackSettings settings(Path directory) {
        Map<String, String> flags = Map.of("tessellate.worker.lanes", "2", "tessellate.ingest.report-interval", "1s");
        return StackSettings.of(
                Configuration.load(StackSettings.mappings(), Optional.empty(), Map.of(), flags),
                new DataDirectory(directory));
    }

    static void requireRegistry() {
        boolean there = System.getProperty("tessellate.registry.home") != null;
        if (!there) {
            System.err.println("SKIPPED: tessellate.registry.home names no unpacked schema registry");
        }
        Assumptions.assumeTrue(there, "tessellate.registry.home is not set");
    }

    Stack stack() {
        return stack;
    }

    /** Everything in its topics; not the datasets. */
    History history() {
        try (HistoryReader reader = new HistoryReader(stack.clients(), stack.blobs())) {
            return reader.read();
        }
    }

    /** Its promises, as far as they are about some models. */
    PromiseCheck check(Predicate<String> models) {
        try (HistoryReader reader = new HistoryReader(stack.clients(), stack.blobs())) {
            return PromiseCheck.of(reader.read(), models);
        }
    }

    /** What a command printed and how it ended. */
    record Answer(int exitCode, String out, String err) {
        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + this, e);
            }
        }
    }

    /** Runs a command against the stack. */
    Answer run(String... arguments) {
        return run(directory, arguments);
    }

    static Answer run(Path dataDirectory, String... arguments) {
        return run(new ByteArrayOutputStream(), dataDirectory, arguments);
    }

    /** The same; what it says can be read meanwhile. */
    static Answer run(ByteArrayOutputStream err, Path dataDirectory, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data-dir", dataDirectory.toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int exitCode;
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            exitCode = Tessellate.run(new Terminal(outStream, errStream, false), all.toArray(String[]::new));
        }
        return new Answer(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        stack.close();
    }
}
