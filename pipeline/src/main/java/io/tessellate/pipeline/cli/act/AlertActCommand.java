package io.tessellate.pipeline.cli.act;

import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.terminal.Terminal;
import java.time.Clock;
import picocli.CommandLine.Mixin;

/** A command that acts on alerts. */
abstract class AlertActCommand extends ConnectedCommand {
    @Mixin
    private WhyOption why = new WhyOption();

    AlertActCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected final void run(Connection connection) {
        try (AlertDesk desk =
                new AlertDesk(connection.clients(), connection.logs().alerts(), Clock.systemUTC())) {
            Outcome outcome = act(desk, why.author());
            switch (output()) {
                case TABLE -> terminal().line(outcome.text());
                case JSON -> terminal().json(outcome.json());
            }
        }
    }

    /** What was done, for people and for scripts. */
    record Outcome(String text, Object json) {}

    abstract Outcome act(AlertDesk desk, Author author);
}
