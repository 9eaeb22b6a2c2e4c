package io.tessellate.pipeline.cli.analysis;

import io.tessellate.id.ModelName;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tessellate lineage}. */
@Command(
        name = "lineage",
        description =
                "Show where a version comes from: for each adapter in it the records by their offsets, the version it was"
                        + " trained on, the digests; as JSON also recipe, race and machine.",
        footer = {"Examples:", "  tessellate lineage glue", "  tessellate lineage glue 3 --output json"})
public final class LineageCommand extends ReadCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
    private ModelName model;

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "The version (default: the newest).")
    private @Nullable Integer version;

    /** The command on a terminal. */
    public LineageCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String question() {
        return "lineage?model=" + model + (version == null ? "" : "&version=" + version);
    }

    @Override
    protected Report report(Answers answers) {
        return answers.lineage(model, version);
    }
}
