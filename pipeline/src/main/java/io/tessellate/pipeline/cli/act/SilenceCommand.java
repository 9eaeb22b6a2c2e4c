package io.tessellate.pipeline.cli.act;

import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.evaluator.alert.AlertJson;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.Silence;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.terminal.Terminal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tessellate alerts silence}. */
@Command(
        name = "silence",
        description = "Send no alerts of a model, a task or a kind for a time. They are raised and shown all the same.",
        footer = {
            "Alerts raised meanwhile are not sent afterwards either. It ends by itself, or by 'alerts unsilence'.",
            "",
            "Examples:",
            "  tessellate alerts silence --model glue --task cola --for 2h --why 'being trained again'",
            "  tessellate alerts silence --kind dead-letters --for 1d"
        })
public final class SilenceCommand extends AlertActCommand {
    @Option(names = "--model", paramLabel = "MODEL", description = "Only this model's.")
    private @Nullable ModelName model;

    @Option(names = "--task", paramLabel = "TASK", description = "Only this task's; needs --model.")
    private @Nullable TaskName task;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "Only of this kind: verdict, unmeasured, task-view, training, dataset, adapter, parked, dead-letters,"
                            + " promise, live.")
    private @Nullable AlertKind kind;

    @Option(names = "--for", required = true, paramLabel = "TIME", description = "For how long: 30m, 2h, 7d.")
    private Duration length = Duration.ZERO;

    /** The command on a terminal. */
    public SilenceCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Outcome act(AlertDesk desk, Author author) {
        Silence silence = desk.silence(new Silence.Scope(model, task, kind), length, author);
        return new Outcome(
                "%s: no alert is sent of %s until %s"
                        .formatted(silence.id(), silence.scope().text(), silence.until()),
                AlertJson.SilenceJson.of(silence));
    }
}
