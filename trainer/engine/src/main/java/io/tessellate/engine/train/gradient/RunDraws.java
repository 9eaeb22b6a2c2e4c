package io.tessellate.engine.train.gradient;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.ReplayRecipe;
import io.tessellate.engine.recipe.ReplaySchedule;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a run draws of the memories of earlier tasks. It follows from the recipe and the memories' sizes alone, so it is known before
 * anything is trained.
 */
public final class RunDraws {
    private final Curriculum curriculum;
    private final int[] sizes;

    /**
     * What a run of this curriculum draws.
     *
     * @param sizes number of examples in each memory
     */
    public RunDraws(Curriculum curriculum, int[] sizes) {
        this.curriculum = curriculum;
        this.sizes = sizes.clone();
    }

    /**
     * The positions in each memory that are drawn in whatever phase; of a calibration without steps those of its first batch, by which a
     * mask can be found. However many steps there are, they take a bit for each example that is remembered.
     */
    public List<BitSet> drawn() {
        List<BitSet> drawn = Arrays.stream(sizes).mapToObj(size -> new BitSet()).toList();
        for (Phase phase : curriculum.phases()) {
            if (curriculum.mixedExamples(phase) > 0) {
                mixed(phase).forEach(draw -> drawn.get(draw.task()).set(draw.position()));
            } else {
                ReplayDraws beside = beside(phase);
                for (long step = 0; step < curriculum.steps(phase) && !areWhole(drawn); step++) {
                    beside.next().forEach(draw -> drawn.get(draw.task()).set(draw.position()));
                }
            }
        }
        return drawn;
    }

    /** Whether everything is drawn already, so that no further step adds to it. */
    private boolean areWhole(List<BitSet> drawn) {
        return IntStream.range(0, sizes.length).allMatch(task -> drawn.get(task).cardinality() == sizes[task]);
    }

    /** What joins each step of a phase. */
    ReplayDraws beside(Phase phase) {
        ReplayRecipe replay = curriculum.recipe().replay();
        return new ReplayDraws(
                replay.share() * curriculum.recipe().batchSize(),
                replay.schedule(),
                curriculum.steps(phase),
                sizes,
                curriculum.seeds(),
                "replay/" + phase.label());
    }

    /** What is shuffled among a phase's own examples: drawn from the memories in turn, from each without repetition until it is used up. */
    List<Draw> mixed(Phase phase) {
        int count = curriculum.mixedExamples(phase);
        String purpose = "mixture/" + phase.label();
        return new ReplayDraws(1, ReplaySchedule.CONSTANT, count, sizes, curriculum.seeds(), purpose).next(count);
    }
}
