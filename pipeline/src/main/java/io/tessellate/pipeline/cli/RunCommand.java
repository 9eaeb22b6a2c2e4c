package io.tessellate.pipeline.cli;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.stack.RunningStack;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.log.Logging;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tessellate run}. */
@Command(
        name = "run",
        description = "Run one service alone against an existing broker and schema registry, as containers do."
                + " Log lines go to standard output.",
        footer = {
            "Examples:",
            "  TESSELLATE_BOOTSTRAP_SERVERS=kafka:9092 \\",
            "  TESSELLATE_SCHEMA_REGISTRY_URL=http://registry:8080/apis/ccompat/v7 \\",
            "  tessellate run worker --data-dir /var/lib/tessellate"
        })
final class RunCommand extends HelpOption implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "SERVICE", description = "ingest, registry, worker or evaluator.")
    private Member member;

    @Mixin
    private CommonOptions options = new CommonOptions();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        StackSettings settings = options.settings();
        if (settings.external().isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "a single service needs tessellate.bootstrap-servers and tessellate.schema-registry-url");
        }
        try (RunningStack running = RunningStack.start(
                settings, EnumSet.of(member), () -> Logging.toConsole(settings.logFormat()), terminal::line)) {
            running.awaitEnd();
            return 0;
        }
    }
}
