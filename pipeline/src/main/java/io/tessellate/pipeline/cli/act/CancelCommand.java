package io.tessellate.pipeline.cli.act;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.PipelineView;
import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.report.TasksReport;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tessellate cancel}. */
@Command(
        name = "cancel",
        description = "End a task that is being trained, or waits for it, before it becomes part of a version.",
        footer = {
            "What it had reserved is free at once, the next task goes on, and the name may be pushed again. A task that was committed",
            "meanwhile is not cancelled: its version stays.",
            "",
            "Examples:",
            "  tessellate cancel glue/sst2 --why 'the wrong split was pushed'"
        })
public final class CancelCommand extends ConnectedCommand {
    private static final long LOOK_MILLIS = 50;
    private static final int MOST_LOOKS = 200;

    @Parameters(paramLabel = "MODEL/TASK", description = "The task.")
    private TaskId task;

    @Mixin
    private WhyOption why = new WhyOption();

    /** The command on a terminal. */
    public CancelCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected void run(Connection connection) {
        PipelineView tasks = connection.logs().tasks();
        connection.registry().cancel(task, run(tasks), why.author());
        terminal().answer(new TasksReport(List.of(awaitEnd(tasks))), output());
    }

    /** The run that is to end. */
    private RunId run(PipelineView tasks) {
        TaskStatus status = tasks.task(task)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK, "nothing was heard of task %s".formatted(task)));
        TaskState state = status.state();
        RunId run = status.run();
        boolean over = state.isFinal() && status.version() == null && !(state instanceof TaskState.Cancelled);
        if (run == null || over) {
            throw new TessellateException(
                    ErrorCode.TASK_CLOSED,
                    over
                            ? "task %s is over: %s".formatted(task, state.label())
                            : "the dataset of task %s is not closed, so nothing is trained or waits for it"
                                    .formatted(task));
        }
        return run;
    }

    /** The registry's word is known here already; the view hears of it from the same log in the next moment. */
    private TaskStatus awaitEnd(PipelineView tasks) {
        TaskStatus status = tasks.task(task).orElseThrow();
        for (int looks = 0; looks < MOST_LOOKS && !status.state().isFinal(); looks++) {
            pause();
            status = tasks.task(task).orElseThrow();
        }
        return status;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "waiting for the task was interrupted", e);
        }
    }
}
