package io.tessellate.pipeline.cli.act;

import io.tessellate.evaluator.alert.Acknowledgement;
import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.evaluator.alert.AlertJson;
import io.tessellate.evaluator.alert.ListedAlert;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tessellate alerts ack}. */
@Command(
        name = "ack",
        description =
                "Say that you look after an alert. Who did so first stays; what was not delivered yet is not sent any more.",
        footer = {"Examples:", "  tessellate alerts ack alert_0123456789abcdef01234567 --why 'looking into it'"})
public final class AcknowledgeCommand extends AlertActCommand {
    @Parameters(paramLabel = "ALERT", description = "The alert's id.")
    private String alert = "";

    /** The command on a terminal. */
    public AcknowledgeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Outcome act(AlertDesk desk, Author author) {
        ListedAlert listed = desk.acknowledge(alert, author);
        Acknowledgement known = listed.acknowledged();
        return new Outcome(
                "%s is acknowledged %s"
                        .formatted(alert, known == null ? "" : new Author(known.who(), known.why()).text()),
                AlertJson.of(listed));
    }
}
