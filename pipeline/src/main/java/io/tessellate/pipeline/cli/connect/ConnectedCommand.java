package io.tessellate.pipeline.cli.connect;

import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.TimeLimit;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that speaks to a running stack; it ends when that has gone. */
public abstract class ConnectedCommand extends HelpOption implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    public ConnectedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() {
        requireMeant();
        StackSettings settings = options.settings();
        Target target = Target.of(settings);
        CommonOptions.log(settings, "cli.log");
        try (StackWatch watch = target.watch()) {
            new SupervisedWork(watch, time.limit(), this::doing).run(() -> work(target));
            return 0;
        }
    }

    /** Refuses options that can mean nothing, whatever runs or not. */
    protected void requireMeant() {}

    private void work(Target target) {
        try (Connection connection = connect(target)) {
            run(connection);
        }
    }

    /** The connection the command works on; its folds have caught up. */
    protected Connection connect(Target target) {
        return Connection.open(target);
    }

    protected abstract void run(Connection connection);

    /** What the command waits for at the moment, for whoever gave it too little time. */
    protected String doing() {
        return "";
    }

    /** Everything the command was told. */
    protected StackSettings settings() {
        return options.settings();
    }

    protected Terminal terminal() {
        return terminal;
    }

    protected OutputFormat output() {
        return options.output();
    }
}
