package io.tessellate.pipeline.cli;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Verification;
import io.tessellate.pipeline.report.CertificateReport;
import io.tessellate.pipeline.report.Verifications;
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
final class VerifyCommand extends ConnectedCommand {
    @Parameters(paramLabel = "MODEL", description = "The model.")
    private ModelName model;

    @Option(names = "--version", paramLabel = "N", description = "The version (default: the newest).")
    private @Nullable Integer version;

    VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void run(Connection connection) {
        ModelLine line = connection.logs().lineage().require(model);
        Verification verification =
                Verifications.verify(line, version == null ? line.currentVersion() : version, connection.blobs());
        terminal().answer(new CertificateReport(verification), output());
        if (!verification.ok()) {
            throw new TessellateException(
                    ErrorCode.FROZEN_WEIGHT_CHANGED,
                    "version %d of %s is not as it was certified".formatted(verification.version(), model));
        }
    }
}
