package io.tessellate.pipeline.cli.act;

import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.json.ListedModelJson;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.report.ModelsReport;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tessellate drop}. */
@Command(
        name = "drop",
        description = "Take a task out: its weights have the base's bytes again and are free.",
        footer = {
            "A new version without it follows, which is measured and then judged as any other. Earlier versions keep it, and so does the log;",
            "its name may be pushed again. A task that was trained beside it meanwhile is trained again.",
            "",
            "Examples:",
            "  tessellate drop glue/cola --why 'its labels were wrong'"
        })
public final class DropCommand extends ConnectedCommand {
    @Parameters(paramLabel = "MODEL/TASK", description = "The task.")
    private TaskId task;

    @Mixin
    private WhyOption why = new WhyOption();

    /** The command on a terminal. */
    public DropCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected void run(Connection connection) {
        ModelLine line = connection.registry().drop(task, why.author());
        switch (output()) {
            case TABLE -> {
                terminal()
                        .line("%s is out; the next task builds on version %d, which holds %s"
                                .formatted(task, line.parent(), line.tasks()));
                terminal().answer(new ModelsReport(List.of(line)), output());
            }
            case JSON -> terminal().json(ListedModelJson.of(line));
        }
    }
}
