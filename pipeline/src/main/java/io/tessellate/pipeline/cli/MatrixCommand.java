package io.tessellate.pipeline.cli;

import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate matrix}. */
@Command(
        name = "matrix",
        description = "Show a model's accuracy matrix: one row per version, one column per task.",
        footer = {
            "The union view applies all adapters of a version; the task view only those up to each task's own.",
            "",
            "Examples:",
            "  tessellate matrix glue --view union",
            "  tessellate matrix glue --view task --output json"
        })
final class MatrixCommand extends ReadCommand {
    @Parameters(paramLabel = "MODEL", description = "The model.")
    private ModelName model;

    @Option(
            names = "--view",
            paramLabel = "union|task",
            defaultValue = "union",
            description = "Which adapters are applied (default: ${DEFAULT-VALUE}).")
    private View view = View.UNION;

    MatrixCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String question() {
        return "matrix?model=%s&view=%s".formatted(model, view.label());
    }

    @Override
    protected Report report(Answers answers) {
        return answers.matrix(model, view);
    }
}
