package io.tessellate.evaluator.analysis;

import io.tessellate.evaluator.scoring.TaskProbe;

/** A task that is scored on the engine. */
final class ProbedTask implements TransferSearch.Opened {
    private final TaskProbe probe;

    /** Takes the probe over. */
    ProbedTask(TaskProbe probe) {
        this.probe = probe;
    }

    @Override
    public CompositionScores scores() {
        return new ProbedCompositions(probe);
    }

    @Override
    public String metric() {
        return probe.metric().label();
    }

    @Override
    public int examples() {
        return probe.examples();
    }

    @Override
    public boolean headless() {
        return probe.headless();
    }

    @Override
    public void close() {
        probe.close();
    }
}
