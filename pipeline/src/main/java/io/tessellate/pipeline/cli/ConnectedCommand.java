package io.tessellate.pipeline.cli;

import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that speaks to a running stack. */
abstract class ConnectedCommand extends HelpOption implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    ConnectedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() {
        try (Connection connection = Connection.open(options.settings())) {
            run(connection);
            return 0;
        }
    }

    abstract void run(Connection connection);

    /** Everything the command was told. */
    StackSettings settings() {
        return options.settings();
    }

    Terminal terminal() {
        return terminal;
    }

    OutputFormat output() {
        return options.output();
    }
}
