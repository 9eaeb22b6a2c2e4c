package io.tessellate.pipeline.demo;

import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.pipeline.demo.data.DemoTask;
import io.tessellate.pipeline.push.DatasetPush;
import io.tessellate.pipeline.push.KnownDatasets;
import io.tessellate.pipeline.push.LocalDataset;
import io.tessellate.pipeline.push.ModelRegistration;
import io.tessellate.pipeline.report.CertificateReport;
import io.tessellate.pipeline.report.MasksReport;
import io.tessellate.pipeline.report.MatrixReport;
import io.tessellate.pipeline.report.Verifications;
import io.tessellate.pipeline.stack.Stack;
import io.tessellate.pipeline.terminal.TaskWatch;
import io.tessellate.pipeline.terminal.Terminal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a stream of tasks through a running stack, with masks and without, and compares. */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double FORGETTING_BUDGET = 0.05;
    /** Nothing is judged in the baseline: it shows what happens, it is not protected from it. */
    private static final double NO_BUDGET = 1;

    private final Stack stack;
    private final Terminal terminal;
    private final DemoPlan plan;
    private final Clock clock;

    /** A demo on a stack that is ready. */
    public Demo(Stack stack, Terminal terminal, DemoPlan plan, Clock clock) {
        this.stack = stack;
        this.terminal = terminal;
        this.plan = plan;
        this.clock = clock;
    }

    /**
     * Registers both models, pushes every task to both, waits until all is measured.
     *
     * @param begin when the clock of the whole demo started, by {@link System#nanoTime()}
     */
    public DemoReport run(long begin) {
        PipelineLogs logs = stack.logs();
        logs.start();
        logs.awaitCaughtUp(PATIENCE);
        register(logs);
        push(logs);
        return report(logs, begin);
    }

    private void register(PipelineLogs logs) {
        Path base = DemoBase.unpack(stack.data().directory("demo-base"));
        var registration = new ModelRegistration(logs.shared().registry(), stack.blobs());
        registration.register(DemoPlan.MODEL, base, Ownership.EXCLUSIVE, FORGETTING_BUDGET);
        registration.register(DemoPlan.BASELINE, base, Ownership.SHARED, NO_BUDGET);
        terminal.line("base model registered as %s and %s".formatted(DemoPlan.MODEL, DemoPlan.BASELINE));
    }

    /** The next task is sent once the one before is checked, while that one trains: the worker never waits for data. */
    private void push(PipelineLogs logs) {
        DatasetPush push = new DatasetPush(stack.clients(), clock);
        KnownDatasets known = KnownDatasets.read(logs.shared().datasets());
        TaskWatch watch = new TaskWatch(logs, terminal);
        List<TaskId> sent = new ArrayList<>();
        for (DemoTask task : plan.tasks()) {
            for (LocalDataset dataset : List.of(plan.masked(task), plan.full(task))) {
                if (!known.contains(dataset)) {
                    push.send(dataset);
                }
                sent.add(dataset.task());
            }
            requireSound(watch.await(sent, state -> !(state instanceof TaskState.Arriving)));
        }
        requireSound(watch.await(sent, TaskState::isFinal));
    }

    private static void requireSound(List<TaskStatus> tasks) {
        tasks.forEach(TaskWatch::requireSound);
    }

    private DemoReport report(PipelineLogs logs, long begin) {
        logs.awaitCaughtUp(PATIENCE);
        ModelLine line = logs.lineage().require(DemoPlan.MODEL);
        var verification = Verifications.verify(line, line.parent(), stack.blobs());
        return new DemoReport(
                (System.nanoTime() - begin) / 1e9,
                matrix(logs, DemoPlan.MODEL, View.UNION),
                matrix(logs, DemoPlan.MODEL, View.TASK),
                matrix(logs, DemoPlan.BASELINE, View.UNION),
                new MasksReport(line),
                new CertificateReport(verification));
    }

    private static MatrixReport matrix(PipelineLogs logs, ModelName model, View view) {
        return new MatrixReport(logs.matrices().matrix(model, view));
    }
}
