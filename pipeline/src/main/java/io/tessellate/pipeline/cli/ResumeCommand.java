package io.tessellate.pipeline.cli;

import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.json.ListedModelJson;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.report.ModelsReport;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate resume}. */
@Command(
        name = "resume",
        description =
                "Let a parked model go on. Every file of it is read first: while one is not as it was stored, the model stays"
                        + " parked.",
        footer = {
            "What is wrong stands in 'tessellate models list' and in 'tessellate verify MODEL'.",
            "",
            "Examples:",
            "  tessellate verify glue",
            "  cp backup/3f/9a... data/blobs/3f/9a...",
            "  tessellate resume glue --why 'restored from the backup'"
        })
final class ResumeCommand extends ConnectedCommand {
    @Parameters(paramLabel = "MODEL", description = "The model's name.")
    private ModelName model;

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            defaultValue = "the files are back",
            description = "What was done, for the log (default: ${DEFAULT-VALUE}).")
    private String why = "";

    ResumeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected void run(Connection connection) {
        ModelLine line = connection.registry().resume(model, System.getProperty("user.name", "somebody"), why);
        switch (output()) {
            case TABLE -> {
                terminal().line("%s goes on".formatted(line.name()));
                terminal().answer(new ModelsReport(List.of(line)), output());
            }
            case JSON -> terminal().json(ListedModelJson.of(line));
        }
    }
}
