package io.tessellate.pipeline.cli.act;

import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.evaluator.alert.AlertJson;
import io.tessellate.evaluator.alert.Silence;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tessellate alerts unsilence}. */
@Command(
        name = "unsilence",
        description = "End a silence before its time.",
        footer = {"Examples:", "  tessellate alerts unsilence silence_01234567-89ab-cdef-0123-456789abcdef"})
public final class UnsilenceCommand extends AlertActCommand {
    @Parameters(paramLabel = "SILENCE", description = "The silence's id, as 'alerts' shows it.")
    private String silence = "";

    /** The command on a terminal. */
    public UnsilenceCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Outcome act(AlertDesk desk, Author author) {
        Silence ended = desk.lift(silence, author);
        return new Outcome(
                "alerts of %s are sent again".formatted(ended.scope().text()), AlertJson.SilenceJson.of(ended));
    }
}
