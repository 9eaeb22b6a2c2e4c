package io.tessellate.engine.train.replay;

import io.tessellate.engine.recipe.ReplaySchedule;
import io.tessellate.engine.recipe.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which examples of earlier tasks join which step. Each earlier task keeps a fixed memory, a random share of its train
 * split; a step draws {@code share x batch} examples of one of them, the next drawing step of the next, each memory without
 * repetition until it is used up. A fraction of an example is carried over to the next step. The schedule weighs the share
 * of each step.
 */
public final class ReplayDraws {
    private final double perStep;
    private final ReplaySchedule schedule;
    private final long steps;
    private final List<Memory> memories;
    private double due;
    private long step;
    private int turn;

    /**
     * Draws from the beginning.
     *
     * @param perStep examples per step on the average, fractions allowed
     * @param steps number of steps that the schedule goes over
     * @param sizes number of examples in each earlier task's memory
     */
    public ReplayDraws(double perStep, ReplaySchedule schedule, long steps, int[] sizes, Seeds seeds, String purpose) {
        this.perStep = sizes.length == 0 ? 0 : perStep;
        this.schedule = schedule;
        this.steps = steps;
        this.memories = IntStream.range(0, sizes.length)
                .mapToObj(task -> new Memory(sizes[task], seeds, purpose + "/" + task))
                .toList();
    }

    /** The positions that make up a task's memory. Does not depend on the run that replays it. */
    public static int[] memory(String task, int examples, double share) {
        int size = (int) Math.max(1, Math.round(share * examples));
        int[] order = Seeds.permutation(examples, new Seeds(0).of("replay-memory/" + task));
        return IntStream.of(order).limit(size).toArray();
    }

    /** What the next step replays: examples of one task, or none. */
    public List<Draw> next() {
        due += perStep * schedule.weight(step++, steps);
        List<Draw> draws = new ArrayList<>();
        while (due >= 1 - 1e-9) {
            draws.add(new Draw(turn, memories.get(turn).next()));
            due -= 1;
        }
        if (!draws.isEmpty()) {
            turn = (turn + 1) % memories.size();
        }
        return draws;
    }

    /** What the next so many steps replay. */
    public List<Draw> next(long steps) {
        List<Draw> draws = new ArrayList<>();
        for (long step = 0; step < steps; step++) {
            draws.addAll(next());
        }
        return draws;
    }

    /**
     * One example to replay.
     *
     * @param task ordinal of the earlier task
     * @param position position in its memory
     */
    public record Draw(int task, int position) {}

    private static final class Memory {
        private final int size;
        private final Seeds seeds;
        private final String purpose;
        private int[] order = new int[0];
        private int next;
        private long pass;

        private Memory(int size, Seeds seeds, String purpose) {
            this.size = size;
            this.seeds = seeds;
            this.purpose = purpose;
        }

        private int next() {
            if (next == order.length) {
                order = Seeds.permutation(size, seeds.of(purpose, pass++));
                next = 0;
            }
            return order[next++];
        }
    }
}
