package io.tessellate.engine.train.gradient;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.ReplayRecipe;
import io.tessellate.engine.recipe.ReplaySchedule;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import java.util.ArrayList;
import java.util.List;

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

    /** All that is drawn in whatever phase; of a calibration without steps that of its first batch, by which a mask can be found. */
    public List<Draw> all() {
        List<Draw> draws = new ArrayList<>();
        for (Phase phase : curriculum.phases()) {
            draws.addAll(
                    curriculum.mixedExamples(phase) > 0
                            ? mixed(phase)
                            : beside(phase).next(curriculum.steps(phase)));
        }
        return draws;
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
