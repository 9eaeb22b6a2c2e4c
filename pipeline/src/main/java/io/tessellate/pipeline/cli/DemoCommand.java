package io.tessellate.pipeline.cli;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.demo.Demo;
import io.tessellate.pipeline.demo.DemoPlan;
import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.stack.RunningStack;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.pipeline.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tessellate demo}. */
@Command(
        name = "demo",
        description =
                "Show everything once: start the stack, train a stream of generated tasks with masks and, beside it, by"
                        + " sequential full fine-tuning, and print both accuracy matrices.",
        footer = {"Examples:", "  tessellate demo", "  tessellate demo --data-dir ./demo --output json"})
final class DemoCommand extends HelpOption implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Terminal terminal;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keep everything here (default: a temporary directory, removed at the end).")
    private @Nullable Path dataDirectory;

    @Option(
            names = "--output",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "How the answer is printed (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TABLE;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        long begin = System.nanoTime();
        Path directory = dataDirectory == null ? Files.createTempDirectory("tessellate-demo") : dataDirectory;
        try {
            run(StackSettings.embedded(directory), begin);
        } catch (TessellateException e) {
            keep(directory);
            throw e;
        }
        if (dataDirectory == null) {
            delete(directory);
        }
        return 0;
    }

    private void run(StackSettings settings, long begin) {
        try (RunningStack running = RunningStack.start(
                settings,
                EnumSet.allOf(Member.class),
                () -> CommonOptions.log(settings, "tessellate.log"),
                terminal::line)) {
            running.stack().awaitReady(START_LIMIT);
            terminal.line("dashboard: %s/".formatted(running.stack().file().http()));
            terminal.answer(new Demo(running.stack(), terminal, DemoPlan.USUAL, Clock.systemUTC()).run(begin), output);
        }
    }

    private void keep(Path directory) {
        if (dataDirectory == null) {
            terminal.line("data and log are kept in " + directory);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot remove " + directory, e);
        }
    }
}
