package io.tessellate.pipeline.cli.act;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.check.topic.TopicReader;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.pipeline.unused.UnusedFile;
import io.tessellate.pipeline.unused.UnusedFiles;
import io.tessellate.pipeline.unused.UnusedReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tessellate gc}. */
@Command(
        name = "gc",
        description =
                "List, and with --delete remove, blobs that no event names and checkpoints of runs that are over.",
        footer = {
            "Reads every internal topic first. What is younger than --older-than stays, whatever is known of it: an adapter lies in the",
            "blob store before the event that names it. Checkpoints are those of this data directory's worker.",
            "",
            "Examples:",
            "  tessellate gc",
            "  tessellate gc --older-than 7d --delete --output json"
        })
public final class GcCommand extends ConnectedCommand {
    private static final Duration YOUNGEST = Duration.ofHours(1);

    @Option(names = "--delete", description = "Remove what is found.")
    private boolean delete;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "Leave alone what was written since (default: ${DEFAULT-VALUE}; not less than 1h).")
    private Duration age = Duration.ofDays(1);

    /** The command on a terminal. */
    public GcCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected void run(Connection connection) {
        if (age.compareTo(YOUNGEST) < 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--older-than must be at least 1h: what a run has just stored is named a moment later");
        }
        Path runs = settings().data().root().resolve("worker").resolve("runs");
        UnusedFiles files =
                new UnusedFiles(connection.inventory(), runs, Instant.now().minus(age));
        List<UnusedFile> unused = find(files, connection);
        int removed = delete ? (int) unused.stream().filter(files::delete).count() : 0;
        terminal().answer(new UnusedReport(unused, removed, delete), output());
    }

    private static List<UnusedFile> find(UnusedFiles files, Connection connection) {
        try (TopicReader topics = new TopicReader(connection.clients().rawConsumer("gc"))) {
            return files.find(
                    connection.clients().topics(), topics, connection.registry().lineage(), connection.runs());
        }
    }
}
