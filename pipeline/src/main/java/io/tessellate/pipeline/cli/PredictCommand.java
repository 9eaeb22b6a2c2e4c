package io.tessellate.pipeline.cli;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.pipeline.cli.connect.StackWatch;
import io.tessellate.pipeline.cli.connect.SupervisedWork;
import io.tessellate.pipeline.cli.connect.Target;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.TimeLimit;
import io.tessellate.pipeline.rest.AskedLines;
import io.tessellate.pipeline.rest.StackApi;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.predictor.asking.PredictedView;
import io.tessellate.predictor.asking.WantedVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate predict}. */
@Command(
        name = "predict",
        description =
                "Ask a trained task. Each line is a JSON object with the fields of the task's records, without the label: text,"
                        + " text_pair, or prompt, choices, or messages.",
        footer = {
            "One line of JSON is printed for each, in their order, with its number; one that cannot be answered has 'error' with",
            "code and message, the others are answered all the same, and the exit code is 1.",
            "The task view is what the task was measured with when it was committed, and answers the same for ever; the union view",
            "applies all adapters of a version.",
            "What is answered under an id is written down, so that labels that come back under it give the task's live score; without an",
            "id it is not. --recorded waits for that, says how many were written, and has exit code 1 where one was not.",
            "",
            "Examples:",
            "  tessellate predict glue/sst2 texts.jsonl",
            "  echo '{\"text\":\"a fine film\"}' | tessellate predict glue/sst2",
            "  tessellate predict glue/sst2 --view union --version champion texts.jsonl"
        })
final class PredictCommand extends HelpOption implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL/TASK", description = "The task.")
    private TaskId task;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "-",
            description = "Lines of JSON; - is standard input (default: ${DEFAULT-VALUE}).")
    private String file = "-";

    @Option(
            names = "--view",
            paramLabel = "task|union",
            defaultValue = "task",
            description = "Which adapters are applied (default: ${DEFAULT-VALUE}).")
    private PredictedView view = PredictedView.TASK;

    @Option(
            names = "--version",
            paramLabel = "N|champion",
            description =
                    "The version (default: of the union view the champion, of the task view the one the task was committed as).")
    private @Nullable WantedVersion version;

    @Option(
            names = "--recorded",
            description = "Wait until what labels can come back to is written down, and say how much of it was.")
    private boolean recorded;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    private final Terminal terminal;

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        StackSettings settings = options.settings();
        Target target = Target.of(settings);
        StackApi api = target.api()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "predict asks a stack that runs on this machine; of another, ask POST"
                                + " /api/v1/models/%s/tasks/%s/predictions".formatted(task.model(), task.task())));
        WantedVersion wanted = version == null ? WantedVersion.USUAL : version;
        AskedLines lines = new AskedLines(api, task, view, wanted, recorded, terminal::json);
        try (StackWatch watch = target.watch()) {
            new SupervisedWork(watch, time.limit(), () -> "").run(() -> ask(lines));
        }
        return lines.refused() == 0 && lines.lost() == 0 ? 0 : ErrorCode.INVALID_FIELD.exitCode();
    }

    private void ask(AskedLines lines) {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            lines.read(in);
        } catch (IOException e) {
            throw new TessellateException(
                    ErrorCode.STORAGE, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        if (lines.refused() > 0) {
            terminal.line("%d of %d lines have no answer".formatted(lines.refused(), lines.asked()));
        }
        if (recorded) {
            terminal.line(lines.recorded());
        }
    }
}
