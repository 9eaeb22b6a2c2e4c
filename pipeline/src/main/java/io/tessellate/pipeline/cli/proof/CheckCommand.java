package io.tessellate.pipeline.cli.proof;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.evaluator.alert.AlertLogs;
import io.tessellate.id.ModelName;
import io.tessellate.pipeline.check.BrokenPromises;
import io.tessellate.pipeline.check.History;
import io.tessellate.pipeline.check.HistoryReader;
import io.tessellate.pipeline.check.PromiseCheck;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.cli.connect.Target;
import io.tessellate.pipeline.report.CheckReport;
import io.tessellate.pipeline.terminal.Terminal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate check}. */
@Command(
        name = "check",
        description = "Hold everything in the topics and the blob store against the eight promises.",
        footer = {
            "Reads every event, every adapter and every record of the datasets; changes nothing. With --alert, a promise that a model breaks",
            "is raised as an alert, once for the same breach: for a check that runs by itself.",
            "Exit code 1 if a promise is broken. What is not finished yet is listed, and breaks nothing.",
            "",
            "Examples:",
            "  tessellate check",
            "  tessellate check glue --output json",
            "  tessellate check --alert"
        })
public final class CheckCommand extends ConnectedCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameters(paramLabel = "MODEL", arity = "0..1", description = "Only this model's history.")
    private @Nullable ModelName model;

    @Option(names = "--alert", description = "Raise an alert for each promise that a model breaks.")
    private boolean alert;

    /** The command on a terminal. */
    public CheckCommand(Terminal terminal) {
        super(terminal);
    }

    /** Without any fold: a log that contradicts itself is what this command has to show. */
    @Override
    protected Connection connect(Target target) {
        return target.connect();
    }

    @Override
    protected void run(Connection connection) {
        try (HistoryReader reader = new HistoryReader(connection.clients(), connection.blobs())) {
            PromiseCheck check = check(reader);
            if (!check.kept()) {
                check = check.confirmedBy(check(reader));
            }
            terminal().answer(new CheckReport(check), output());
            if (alert && !check.kept()) {
                raise(connection, check);
            }
            if (!check.kept()) {
                throw new TessellateException(ErrorCode.PROMISE_BROKEN, broken(check));
            }
        }
    }

    private static String broken(PromiseCheck check) {
        List<String> numbers = check.verdicts().stream()
                .filter(verdict -> !verdict.kept())
                .map(verdict -> String.valueOf(verdict.number()))
                .toList();
        return "%d of %d promises %s broken: %s"
                .formatted(
                        numbers.size(),
                        check.verdicts().size(),
                        numbers.size() == 1 ? "is" : "are",
                        String.join(", ", numbers));
    }

    private static void raise(Connection connection, PromiseCheck check) {
        AlertLogs logs = connection.logs().alerts();
        logs.start();
        logs.tails().forEach(tail -> tail.awaitCaughtUp(PATIENCE));
        try (AlertDesk desk = new AlertDesk(connection.clients(), logs, Clock.systemUTC())) {
            BrokenPromises.alerts(check, desk.now()).forEach(desk::raise);
        }
    }

    private PromiseCheck check(HistoryReader reader) {
        ModelName only = model;
        if (only == null) {
            return PromiseCheck.of(reader.read());
        }
        History history = reader.read();
        if (!history.knows(only.value())) {
            throw new TessellateException(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(only));
        }
        return PromiseCheck.of(history, name -> name.equals(only.value()));
    }
}
