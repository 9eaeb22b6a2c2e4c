package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.SparseTransformation.Travel;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.Penalty;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How far weights are from the parent's at every step of a sparse transformation, with its penalty and without any. */
record TransformationTravel(List<Travel> steps, Travel removed, double before, double after) {
    /** Runs one towards a mask; scores are those right before and after what is outside is put back. */
    static TransformationTravel of(TrainingJob job, Mask mask, boolean penalised, Scoring scoring) {
        Weights parent = job.parent().views().union();
        try (ModelPasses passes =
                        new ModelPasses(TrainingFixture.BACKEND, job.parent().config());
                Weights weights = parent.copy()) {
            Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
            var transformation = SparseTransformation.of(job, MaskPlan.Entries.of(mask), parent, weights);
            var gradients = new GradientSources(curriculum, job.learnt(), passes, TrainingFixture.BACKEND, () -> {});
            List<Travel> steps = new ArrayList<>();
            PhaseWatch watch = new PhaseWatch() {
                @Override
                public void progressed(
                        Phase phase, long step, long all, double loss, Function<Sha256, Checkpoint> checkpoint) {
                    steps.add(transformation.travel());
                }
            };
            var loop = new TrainingLoop(job.recipe(), gradients, watch, weights, Optional.empty());
            PhaseSegment segment = PhaseSegment.whole(Phase.TRANSFORM, 0, curriculum.steps(Phase.TRANSFORM));
            Head head = curriculum.initialHead(Phase.TRANSFORM);
            PhaseTraining training = loop.phase(segment, transformation.entries(), head, Checkpoint.Past.none());
            training.penalisedBy(penalised ? transformation.penalty(segment.steps()) : Penalty.none());
            loop.train(training);
            double before = scoring.of(weights, training.head());
            transformation.remove();
            double after = scoring.of(weights, training.head());
            return new TransformationTravel(steps, transformation.travel(), before, after);
        }
    }

    /** Scores weights with a head. */
    interface Scoring {
        /** The score. */
        double of(Weights weights, Head head);
    }

    /** How far at most. */
    double farthest() {
        return steps.stream().mapToDouble(Travel::outside).max().orElseThrow();
    }

    /** After so much of the ramp, which is three quarters of the steps. */
    Travel atRamp(double share) {
        return steps.get((int) Math.round(0.75 * share * steps.size()) - 1);
    }

    /** At the end, before anything is put back. */
    Travel held() {
        return steps.get(steps.size() - 1);
    }
}
