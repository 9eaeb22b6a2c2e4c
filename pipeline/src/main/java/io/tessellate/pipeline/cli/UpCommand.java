package io.tessellate.pipeline.cli;

import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.stack.RunningStack;
import io.tessellate.pipeline.stack.Stack;
import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.Terminal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tessellate up}. */
@Command(
        name = "up",
        description =
                "Start broker, schema registry, all services and the dashboard on a data directory, and keep running."
                        + " Started again it goes on where it was.",
        footer = {
            "An existing cluster is used instead of the embedded one with",
            "  --set tessellate.bootstrap-servers=HOST:PORT --set tessellate.schema-registry-url=URL",
            "",
            "Examples:",
            "  tessellate up",
            "  tessellate up --data-dir ./data --set tessellate.http.port=8080"
        })
final class UpCommand extends HelpOption implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(names = "--timeout", paramLabel = "DURATION", description = "How long the start may take (default: 3m).")
    private @Nullable Duration start;

    UpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        long begin = System.nanoTime();
        StackSettings settings = options.settings();
        try (RunningStack running = RunningStack.start(
                settings,
                EnumSet.allOf(Member.class),
                () -> CommonOptions.log(settings, "tessellate.log"),
                terminal::line)) {
            Stack stack = running.stack();
            stack.awaitReady(start == null ? START_LIMIT : start);
            announce(stack.file(), settings, (System.nanoTime() - begin) / 1e9);
            running.awaitEnd();
            return 0;
        }
    }

    private void announce(StackFile file, StackSettings settings, double seconds) {
        switch (options.output()) {
            case TABLE ->
                terminal.text(String.format(
                        Locale.ROOT,
                        """
                    Tessellate is up after %.1f s. Stop it with Ctrl-C.
                      dashboard        %s/
                      broker           %s
                      schema registry  %s
                      data             %s
                      token            %s (the page asks for what is in it before it changes anything)
                    """,
                        seconds,
                        file.http(),
                        file.bootstrapServers(),
                        file.schemaRegistryUrl(),
                        settings.data(),
                        file.token()));
            case JSON -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("seconds", seconds);
                json.put("dashboard", file.http());
                json.put("bootstrapServers", file.bootstrapServers());
                json.put("schemaRegistryUrl", file.schemaRegistryUrl());
                json.put("dataDirectory", settings.data().toString());
                json.put("token", file.token());
                json.put("pid", file.pid());
                terminal.json(json);
            }
        }
    }
}
