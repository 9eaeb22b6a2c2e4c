package io.tessellate.pipeline.cli.proof;

import io.tessellate.id.ModelName;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate verify}. */
@Command(
        name = "verify",
        description = "Compute every task's weights anew from the files and hold them against the certificates.",
        footer = {"Exit code 1 if a weight is not what was certified.", "", "Examples:", "  tessellate verify glue"})
public final class VerifyCommand extends ReadCommand {
    @Parameters(paramLabel = "MODEL", description = "The model.")
    private ModelName model;

    @Option(names = "--version", paramLabel = "N", description = "The version (default: the newest).")
    private @Nullable Integer version;

    /** The command on a terminal. */
    public VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String question() {
        return "verification?model=" + model + (version == null ? "" : "&version=" + version);
    }

    @Override
    protected Report report(Answers answers) {
        return answers.verification(model, version);
    }
}
