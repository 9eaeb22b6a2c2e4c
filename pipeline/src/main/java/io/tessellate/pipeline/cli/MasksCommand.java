package io.tessellate.pipeline.cli;

import io.tessellate.id.ModelName;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tessellate masks}. */
@Command(
        name = "masks",
        description = "Show who owns how many of a model's weights, and how many are free.",
        footer = {"Examples:", "  tessellate masks glue", "  tessellate masks glue --output json"})
final class MasksCommand extends ReadCommand {
    @Parameters(paramLabel = "MODEL", description = "The model.")
    private ModelName model;

    MasksCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String question() {
        return "masks?model=" + model;
    }

    @Override
    protected Report report(Answers answers) {
        return answers.masks(model);
    }
}
