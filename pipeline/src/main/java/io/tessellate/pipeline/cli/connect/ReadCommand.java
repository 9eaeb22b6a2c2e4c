package io.tessellate.pipeline.cli.connect;

import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.TimeLimit;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.StrayTopics;
import io.tessellate.pipeline.rest.StackApi;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that only asks: of a stack that runs on this machine by its REST interface, else by reading the topics. */
public abstract class ReadCommand extends HelpOption implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    public ReadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() {
        StackSettings settings = options.settings();
        Target target = Target.of(settings);
        try (StackWatch watch = target.watch()) {
            new SupervisedWork(watch, time.limit(), () -> "").run(() -> answer(settings, target));
            return 0;
        }
    }

    private void answer(StackSettings settings, Target target) {
        Optional<StackApi.Answer> told =
                target.api().flatMap(api -> api.report(question(), options.output() == OutputFormat.JSON));
        if (told.isEmpty()) {
            read(settings, target);
            return;
        }
        StackApi.Answer answer = told.get();
        String body = answer.body();
        terminal.text(body.endsWith("\n") ? body : body + "\n");
        answer.verdict().ifPresent(ReadCommand::fail);
    }

    private void read(StackSettings settings, Target target) {
        CommonOptions.log(settings, "cli.log");
        try (Connection connection = Connection.open(target)) {
            Report report = report(
                    new Answers(connection.logs(), connection.blobs(), () -> StrayTopics.of(connection.clients())));
            terminal.answer(report, options.output());
            report.failure().ifPresent(ReadCommand::fail);
        }
    }

    private static void fail(TessellateException verdict) {
        throw verdict;
    }

    /** The report's name and parameters at the REST interface. */
    protected abstract String question();

    /** The same from the topics. */
    protected abstract Report report(Answers answers);
}
