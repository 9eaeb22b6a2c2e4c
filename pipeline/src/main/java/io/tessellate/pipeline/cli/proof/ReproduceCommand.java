package io.tessellate.pipeline.cli.proof;

import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.error.StorageFailure;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.pipeline.check.HistoryReader;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.reproduce.ReproducedRun;
import io.tessellate.pipeline.reproduce.Reproducer;
import io.tessellate.pipeline.reproduce.ReproductionReport;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.worker.Reproduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate reproduce}. */
@Command(
        name = "reproduce",
        description =
                "Train a version again from the offsets, recipe and seeds of its lineage, and compare the weights.",
        footer = {
            "Trains in this process, by its own --set tessellate.backend and tessellate.worker.memory. Nothing is reserved, published,",
            "stored or committed, and whatever else runs goes on. The version it was trained on is composed from its files.",
            "",
            "same           every weight again, to the last bit",
            "different      other weights from the same input on the same kind of machine: exit code 1",
            "other-machine  other weights, on another kind of machine than that of then, where nothing else is promised",
            "not-trained    what it was given is gone or is something else now, which is named: exit code 1",
            "",
            "Examples:",
            "  tessellate reproduce glue 3",
            "  tessellate reproduce glue 3 --from-base --output json"
        })
public final class ReproduceCommand extends ConnectedCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
    private ModelName model;

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version.")
    private int version;

    @Option(
            names = "--from-base",
            description =
                    "Train every run again that the version rests on, from the base on, not only the one that made it.")
    private boolean fromBase;

    private volatile String doing = "";

    /** The command on a terminal. */
    public ReproduceCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected String doing() {
        return doing;
    }

    @Override
    protected void run(Connection connection) {
        ModelLine line = connection.registry().lineage().require(model);
        Path directory = settings()
                .data()
                .directory("reproduce")
                .resolve(String.valueOf(ProcessHandle.current().pid()));
        try {
            List<ReproducedRun> runs = reproduce(connection, line, new DataDirectory(directory));
            ReproductionReport report = new ReproductionReport(model, version, runs);
            terminal().answer(report, output());
            report.failure().ifPresent(failure -> {
                throw failure;
            });
        } finally {
            delete(directory);
        }
    }

    private List<ReproducedRun> reproduce(Connection connection, ModelLine line, DataDirectory directory) {
        ProcessEngine engine = ProcessEngine.of(settings().backend(), settings().memory());
        try (HistoryReader reader = new HistoryReader(connection.clients(), connection.blobs());
                Reproduction reproduction = new Reproduction(
                        connection.clients(), connection.datasets(), connection.blobs(), directory, engine)) {
            return new Reproducer(reader.read(), line, connection.blobs(), reproduction, this::step)
                    .reproduce(version, fromBase, this::done);
        }
    }

    private void step(String phase, long step, long steps, double secondsLeft) {
        doing = "%s, step %d of %d".formatted(phase, step, steps);
        terminal().live("%s, %.0f s left".formatted(doing, secondsLeft));
    }

    private void done(ReproducedRun run) {
        terminal()
                .line("version %d, %s: %s"
                        .formatted(
                                run.commit().number(),
                                run.commit().task(),
                                run.came().label()));
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (IOException e) {
            throw StorageFailure.of("cannot remove " + directory, e);
        }
    }
}
