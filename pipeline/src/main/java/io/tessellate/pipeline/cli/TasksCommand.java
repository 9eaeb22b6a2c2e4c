package io.tessellate.pipeline.cli;

import io.tessellate.id.ModelName;
import io.tessellate.pipeline.report.TasksReport;
import io.tessellate.pipeline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tessellate tasks}. */
@Command(
        name = "tasks",
        description = "Show every task: its state, its records, its version.",
        footer = {"Examples:", "  tessellate tasks", "  tessellate tasks glue --output json"})
final class TasksCommand extends ConnectedCommand {
    @Parameters(paramLabel = "MODEL", arity = "0..1", description = "Only this model's tasks.")
    private @Nullable ModelName model;

    TasksCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void run(Connection connection) {
        var tasks = connection.logs().tasks();
        if (model != null) {
            connection.logs().lineage().require(model);
        }
        terminal().answer(new TasksReport(model == null ? tasks.tasks() : tasks.tasks(model)), output());
    }
}
