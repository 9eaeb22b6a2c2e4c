package io.tessellate.pipeline.cli;

import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that speaks to a running stack; it ends when that has gone. */
abstract class ConnectedCommand extends HelpOption implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    ConnectedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() {
        StackSettings settings = options.settings();
        Target target = Target.of(settings);
        CommonOptions.log(settings, "cli.log");
        try (Lifeline lifeline = target.lifeline()) {
            new Attendance(lifeline, time.limit(), this::doing).run(() -> work(target));
            return 0;
        }
    }

    private void work(Target target) {
        try (Connection connection = connect(target)) {
            run(connection);
        }
    }

    /** The connection the command works on; its folds have caught up. */
    Connection connect(Target target) {
        return Connection.open(target);
    }

    abstract void run(Connection connection);

    /** What the command waits for at the moment, for whoever gave it too little time. */
    String doing() {
        return "";
    }

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
