package io.tessellate.engine.train.gradient;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.mask.Mask;

/** Asks about some weights what a run would ask before its training. */
public final class Probe {
    private Probe() {}

    /** The answer to a question about the weights of a mask. */
    public static <T> T of(TrainingJob job, Mask mask, Question<T> question) {
        try (var passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
            var gradients = new GradientSources(curriculum, job.learnt(), passes, TrainingFixture.BACKEND, () -> {});
            var layout = job.parent().views().union().layout();
            TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(mask), layout);
            return question.ask(gradients, entries, curriculum.initialHead(Phase.CALIBRATE));
        }
    }

    /** A question. */
    public interface Question<T> {
        /** Asks about entries, with the head that a calibration begins with. */
        T ask(GradientSources gradients, TrainedEntries entries, Head head);
    }
}
