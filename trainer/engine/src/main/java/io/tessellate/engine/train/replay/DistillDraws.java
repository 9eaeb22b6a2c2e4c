package io.tessellate.engine.train.replay;

import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import java.util.ArrayList;
import java.util.List;

/**
 * On which of a step's own inputs which earlier task is held to its view: {@code share x batch} inputs a step, drawn at
 * random from the batch; one task, the next step the next. A fraction of an input is carried over; a share above 1 goes
 * through the whole batch with one task, then on with the next. A pure function of the step, so any can be found again.
 *
 * @param share inputs per step as a share of the batch size
 * @param batchSize examples of a full batch
 * @param tasks number of earlier tasks
 */
record DistillDraws(double share, int batchSize, int tasks, Seeds seeds, String purpose) {
    private static final double ROUNDING = 1e-9;

    /** The inputs of a step counted from 0, each with the task whose head it goes through. */
    List<Draw> at(long step, int[] batch) {
        if (tasks == 0 || share == 0) {
            return List.of();
        }
        long count = due(step + 1) - due(step);
        int passes = (int) Math.max(1, Math.ceil(share));
        long turn = share * batchSize < 1 ? due(step) : step * passes;
        int[] order = Seeds.permutation(batch.length, seeds.of(purpose, step));
        List<Draw> draws = new ArrayList<>();
        for (int n = 0; n < Math.min(count, (long) batch.length * Math.min(passes, tasks)); n++) {
            int task = (int) ((turn + n / batch.length) % tasks);
            draws.add(new Draw(task, batch[order[n % batch.length]]));
        }
        return draws;
    }

    /** Inputs of all steps before this one. */
    private long due(long step) {
        return (long) Math.floor(share * batchSize * step + ROUNDING);
    }
}
