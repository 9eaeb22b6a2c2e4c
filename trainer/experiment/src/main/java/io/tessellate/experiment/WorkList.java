package io.tessellate.experiment;

import io.tessellate.experiment.plan.Arm;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.plan.MergePlan;
import io.tessellate.experiment.result.RunOutcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The runs of a plan, counted before the first and ticked off one by one; a run's size is the number of tasks it learns. */
final class WorkList {
    private int runs;
    private long size;
    private final Consumer<ExperimentProgress> listener;
    private int done;
    private long learnt;
    private double seconds;

    private WorkList(int runs, long size, Consumer<ExperimentProgress> listener) {
        this.runs = runs;
        this.size = size;
        this.listener = listener;
    }

    static WorkList of(ExperimentPlan plan, Consumer<ExperimentProgress> listener) {
        int tuningSize = Math.min(
                plan.tuningTasks(), plan.streams().values().iterator().next().size());
        int streamSizes = plan.streams().values().stream()
                .mapToInt(stream -> stream.size())
                .sum();
        int runs = 0;
        long size = 0;
        for (Arm arm : plan.arms()) {
            int tuning = plan.tuningSeeds().size()
                    * (trials(arm.learningRates().size())
                            + trials(arm.strengths().size())
                            + trials(arm.merge()));
            runs += tuning + plan.seeds().size() * plan.streams().size();
            size += (long) tuning * tuningSize + (long) plan.seeds().size() * streamSizes;
        }
        return new WorkList(runs, size, listener);
    }

    /** Every scale with every share that is kept. */
    private static int trials(@Nullable MergePlan merge) {
        return merge == null
                ? 0
                : trials(merge.scales().size() * Math.max(1, merge.keeps().size()));
    }

    /** A single value needs no trial, nor does none. */
    private static int trials(int values) {
        return values <= 1 ? 0 : values;
    }

    /** Further runs turned out to be wanted. */
    void more(int further, int tasks) {
        runs += further;
        size += (long) further * tasks;
    }

    void done(RunOutcome outcome) {
        done++;
        learnt += outcome.union().size();
        seconds += outcome.seconds();
        listener.accept(new ExperimentProgress(done, runs, seconds / learnt * Math.max(0, size - learnt)));
    }
}
