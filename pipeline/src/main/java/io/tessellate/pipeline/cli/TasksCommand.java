package io.tessellate.pipeline.cli;

import io.tessellate.id.ModelName;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate tasks}. */
@Command(
        name = "tasks",
        description = "Show every task: its state, its records, its version.",
        footer = {"Examples:", "  tessellate tasks", "  tessellate tasks --all", "  tessellate tasks glue --output json"
        })
final class TasksCommand extends ReadCommand {
    @Parameters(paramLabel = "MODEL", arity = "0..1", description = "Only this model's tasks.")
    private @Nullable ModelName model;

    @Option(
            names = "--all",
            description = "Also topics that look meant for a task and are read by nobody, with the reason.")
    private boolean all;

    TasksCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String question() {
        return "tasks?all=" + all + (model == null ? "" : "&model=" + model);
    }

    @Override
    protected Report report(Answers answers) {
        return answers.tasks(model, all);
    }
}
