package io.tessellate.pipeline.cli;

import io.tessellate.engine.backend.Backends;
import io.tessellate.experiment.Experiment;
import io.tessellate.experiment.ExperimentListener;
import io.tessellate.experiment.ExperimentProgress;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.demo.GeneratedTasks;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.config.DirectoryLock;
import io.tessellate.runtime.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate experiment}. */
@Command(
        name = "experiment",
        description =
                "Compare methods on streams of tasks without Kafka: tune each method's learning rate on a held-out part"
                        + " of train, run every seed, write report.md, results.csv and plots. Stopped and started again it goes on.",
        footer = {
            "Examples:",
            "  tessellate experiment docs/experiments/generated.yaml --out ./out     needs no data",
            "  tessellate experiment docs/experiments/forgetting.yaml --out ./out"
        })
final class ExperimentCommand extends HelpOption implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "PLAN", description = "YAML or JSON file with the plan; paths in it are relative to it.")
    private Path plan = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where results are kept.")
    private Path out = Path.of("");

    @Option(
            names = "--backend",
            defaultValue = Backends.HOST,
            paramLabel = "NAME",
            description = "Backend of the engine (default: ${DEFAULT-VALUE}).")
    private String backend = Backends.HOST;

    @Option(
            names = "--report-only",
            description = "Run nothing: report the seeds of which every arm has run, and say what is missing."
                    + " Possible at any time, also while another process runs the plan.")
    private boolean reportOnly;

    ExperimentCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        if (reportOnly) {
            terminal.text(experiment().report());
            return 0;
        }
        DirectoryLock lock = DirectoryLock.acquire(out, "experiment", "--out");
        try {
            terminal.text(experiment().run());
        } finally {
            lock.close();
        }
        return 0;
    }

    private Experiment experiment() throws IOException {
        Logging.toFile(out.resolve("experiment.log"), Logging.Format.PLAIN);
        return new Experiment(
                ExperimentPlan.read(plan),
                Backends.open(backend),
                out,
                Clock.systemUTC(),
                new GeneratedTasks(),
                new Progress());
    }

    /** Lines of what was done, and below them a bar that is written over where that is possible. */
    private final class Progress implements ExperimentListener {
        @Override
        public void noted(String line) {
            terminal.line(line);
        }

        @Override
        public void worked(ExperimentProgress work) {
            if (terminal.overwrites()) {
                terminal.live(work.bar());
            } else {
                terminal.line(work.bar());
            }
        }
    }
}
