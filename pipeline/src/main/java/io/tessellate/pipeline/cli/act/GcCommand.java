package io.tessellate.pipeline.cli.act;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.pipeline.unused.Removals;
import io.tessellate.pipeline.unused.UnusedFound;
import io.tessellate.pipeline.unused.UnusedReport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tessellate gc}. */
@Command(
        name = "gc",
        description =
                "List, and with --delete remove, blobs that no event names and checkpoints of runs that are over.",
        footer = {
            "Reads every internal topic first. What is younger than --older-than stays, whatever is known of it: an adapter lies in the",
            "blob store before the event that names it. Checkpoints are those of this data directory's worker.",
            "What is removed is said on the topic of removals, with your user name and --why.",
            "",
            "Examples:",
            "  tessellate gc",
            "  tessellate gc --older-than 7d --delete --why 'the disk is full' --output json"
        })
public final class GcCommand extends ConnectedCommand {
    @Option(names = "--delete", description = "Remove what is found.")
    private boolean delete;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "Leave alone what was written since (default: ${DEFAULT-VALUE}; not less than 1h).")
    private Duration age = Removals.USUAL;

    @Mixin
    private WhyOption why = new WhyOption();

    /** The command on a terminal. */
    public GcCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected void run(Connection connection) {
        if (age.compareTo(Removals.YOUNGEST) < 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--older-than must be at least 1h: what a run has just stored is named a moment later");
        }
        Path runs = settings().data().root().resolve("worker").resolve("runs");
        Removals removals =
                new Removals(connection.clients(), connection.inventory(), runs, connection.logs(), Clock.systemUTC());
        UnusedFound found = removals.find(removals.before(age));
        int removed = delete ? removals.remove(found, why.author()).files().size() : 0;
        terminal().answer(new UnusedReport(found.files(), removed, delete), output());
    }
}
