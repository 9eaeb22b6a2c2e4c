package io.tessellate.pipeline.cli.act;

import io.tessellate.id.ModelName;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tessellate alerts}. */
@Command(
        name = "alerts",
        description = "Show alerts, newest first: who looks after them, and what became of sending them.",
        subcommands = {AcknowledgeCommand.class, SilenceCommand.class, UnsilenceCommand.class},
        footer = {
            "Examples:",
            "  tessellate alerts",
            "  tessellate alerts --model glue --output json",
            "  tessellate alerts ack alert_0123456789abcdef01234567 --why 'the labels were wrong, task is pushed again'",
            "  tessellate alerts silence --model glue --kind dead-letters --for 2h --why 'the producer is being mended'"
        })
public final class AlertsCommand extends ReadCommand {
    @Option(names = "--model", paramLabel = "MODEL", description = "Only this model's.")
    private @Nullable ModelName model;

    @Option(names = "--open", description = "Only those that nobody has acknowledged and nothing silences.")
    private boolean open;

    /** The command on a terminal. */
    public AlertsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String question() {
        return "alerts?open=" + open + (model == null ? "" : "&model=" + model);
    }

    @Override
    protected Report report(Answers answers) {
        return answers.alerts(model, open);
    }
}
