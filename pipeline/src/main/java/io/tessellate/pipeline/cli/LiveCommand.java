package io.tessellate.pipeline.cli;

import io.tessellate.id.ModelName;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tessellate live}. */
@Command(
        name = "live",
        description = "Show how tasks do on what they are asked, as far as labels came back, beside their eval scores.",
        footer = {
            "Records asked on predict.MODEL.TASK are joined with what is written to labels.MODEL.TASK under the same ids.",
            "",
            "Examples:",
            "  tessellate live",
            "  tessellate live glue --output json"
        })
final class LiveCommand extends ReadCommand {
    @Parameters(paramLabel = "MODEL", arity = "0..1", description = "Only this model's tasks.")
    private @Nullable ModelName model;

    LiveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String question() {
        return "live" + (model == null ? "" : "?model=" + model);
    }

    @Override
    protected Report report(Answers answers) {
        return answers.live(model);
    }
}
