package io.tessellate.pipeline.cli.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.id.TaskId;
import io.tessellate.pipeline.analysis.BlameReport;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate blame}. */
@Command(
        name = "blame",
        description =
                "See which later adapter a task's drop in the union view comes from: scored by leaving each one out of the union,"
                        + " by adding each one alone to the task's own view, and layer by layer for the one of largest effect.",
        footer = {
            "The task's eval split is scored twice for each adapter; where there are many, halves of them are left out together first,",
            "and the output says which were not looked at one by one. A task that did not drop is answered all the same. Nothing is",
            "changed; who asked and what was found stand on the topic tessellate.analyses. Ctrl-C stops it.",
            "",
            "Examples:",
            "  tessellate blame glue/cola",
            "  tessellate blame glue/cola --version 7 --why 'version 7 failed' --output json"
        })
public final class BlameCommand extends HelpOption implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL/TASK", description = "The task.")
    private TaskId task;

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "The version whose union view is meant (default: the newest that holds the task).")
    private @Nullable Integer version;

    @Option(
            names = "--scorings",
            paramLabel = "N",
            description = "How often its eval split may be scored (default: 64, or as many as the least answer takes).")
    private @Nullable Integer scorings;

    @Mixin
    private StackQuestion stack = new StackQuestion();

    private final Terminal terminal;

    /** The command on a terminal. */
    public BlameCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Map<String, @Nullable Object> question = new LinkedHashMap<>();
        question.put("version", version);
        question.put("scorings", scorings);
        String path = "/api/v1/models/%s/tasks/%s/blame".formatted(task.model(), task.task());
        stack.ask(terminal, path, question, BlameCommand::line, BlameReport::new);
        return 0;
    }

    private static String line(JsonNode progress) {
        String doing = progress.path("doing").asText();
        int expected = progress.path("scorings").asInt();
        return expected == 0
                ? doing
                : "scoring %d of at most %d: %s"
                        .formatted(progress.path("scored").asInt() + 1, expected, doing);
    }
}
