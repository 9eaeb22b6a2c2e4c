package io.tessellate.pipeline.cli.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.pipeline.analysis.TransferReport;
import io.tessellate.pipeline.cli.connect.StackWatch;
import io.tessellate.pipeline.cli.connect.SupervisedWork;
import io.tessellate.pipeline.cli.connect.Target;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.TimeLimit;
import io.tessellate.pipeline.rest.StackApi;
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

    @Option(
            names = "--why",
            paramLabel = "TEXT",
            description = "Why you ask, for the log; your user name stands beside it.")
    private String why = "";

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    private final Terminal terminal;
    private volatile String doing = "";

    /** The command on a terminal. */
    public TransferCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Target target = Target.of(options.settings());
        StackApi api = target.api()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "transfer asks a stack that runs on this machine; of another, ask POST /api/v1/models/%s/transfer"
                                .formatted(model)));
        try (StackWatch watch = target.watch()) {
            new SupervisedWork(watch, time.limit(), () -> doing).run(() -> ask(api));
        }
        return 0;
    }

    private void ask(StackApi api) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", version);
        Map<String, Double> named = new LinkedHashMap<>();
        bounds.forEach((task, bound) -> named.put(task.value(), bound));
        body.put("bounds", named);
        body.put("who", System.getProperty("user.name", "somebody"));
        body.put("why", why);
        JsonNode found = api.ask("/api/v1/models/%s/transfer".formatted(model), body, this::progress);
        terminal.answer(new TransferReport(found), options.output());
    }

    private void progress(JsonNode progress) {
        doing = progress.path("doing").asText();
        terminal.live("scoring: " + doing);
    }
}
