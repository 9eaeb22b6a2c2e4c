package io.tessellate.pipeline.cli.analysis;

import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.pipeline.analysis.TransferReport;
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

/** {@code tessellate transfer}. */
@Command(
        name = "transfer",
        description =
                "See forward transfer, where it is defined, and intransigence, where a bound is known: what tasks scored before they were"
                        + " learnt beside the base, and how far they stayed below what they might have reached.",
        footer = {
            "A task with a head of its own has no score before it is learnt, and says so; generation and likelihood have one. A bound is",
            "what a model reaches that learns all tasks up to this one together, from an experiment or a paper. Nothing is changed.",
            "",
            "Examples:",
            "  tessellate transfer bot",
            "  tessellate transfer glue --bound cola=0.52 --bound sst2=0.93"
        })
public final class TransferCommand extends HelpOption implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private ModelName model;

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "The version whose tasks are meant (default: the one that the next is built on).")
    private @Nullable Integer version;

    @Option(
            names = "--bound",
            paramLabel = "TASK=SCORE",
            description = "What a task would reach at best; may be given again.")
    private Map<TaskName, Double> bounds = new LinkedHashMap<>();

    @Mixin
    private StackQuestion stack = new StackQuestion();

    private final Terminal terminal;

    /** The command on a terminal. */
    public TransferCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Map<String, Double> named = new LinkedHashMap<>();
        bounds.forEach((task, bound) -> named.put(task.value(), bound));
        Map<String, @Nullable Object> question = new LinkedHashMap<>();
        question.put("version", version);
        question.put("bounds", named);
        stack.ask(
                terminal,
                "/api/v1/models/%s/transfer".formatted(model),
                question,
                progress -> "scoring: " + progress.path("doing").asText(),
                TransferReport::new);
        return 0;
    }
}
