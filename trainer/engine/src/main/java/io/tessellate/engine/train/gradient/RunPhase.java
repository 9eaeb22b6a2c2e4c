package io.tessellate.engine.train.gradient;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.curriculum.BatchOrder;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import java.util.Optional;

/** One phase of a run: its own batches, what is replayed beside them, and what holds earlier tasks' heads on their inputs. */
record RunPhase(GradientSources run, Phase phase, TrainedEntries entries, Weights weights, Head head)
        implements PhaseGradients {
    @Override
    public GradientSource from(long step) {
        return new Steps(step);
    }

    @Override
    public Optional<Validation> validation() {
        Curriculum curriculum = run.curriculum();
        if (!curriculum.validates(phase)) {
            return Optional.empty();
        }
        List<EncodedExample> held = curriculum.data(phase).examples().held();
        return Optional.of(new Validation(
                curriculum.batchesPerEpoch(phase),
                curriculum.steps(phase),
                () -> run.learner(phase).loss(weights, head, held)));
    }

    private final class Steps implements GradientSource {
        private final Optional<Mixture> mixture = run.mixture(phase);
        private final BatchOrder order =
                mixture.map(Mixture::order).orElseGet(() -> run.curriculum().order(phase));
        private final long steps = run.curriculum().steps(phase);
        private final ReplayDraws draws = run.draws(phase);
        private final StepGradient own = run.step(phase, entries, head);
        private List<int[]> batches = List.of();
        private long first;

        Steps(long step) {
            draws.next(step);
            first = step;
        }

        @Override
        public double compute(long step) {
            int[] batch = batch(step);
            Dropout dropout =
                    StepDropout.of(run.curriculum().recipe(), run.curriculum().seeds(), phase, step);
            if (mixture.isPresent()) {
                return mixture.get().compute(own, weights, head, batch, dropout);
            }
            double loss = own.compute(weights, head, batch, dropout);
            run.replay(draws, weights, dropout.other(), own);
            run.distillation().add(phase, step, batch, weights, dropout.other().other(), own.gradients());
            return loss;
        }

        private int[] batch(long step) {
            if (step == first + batches.size()) {
                batches = order.from(step, steps);
                first = step;
            }
            return batches.get((int) (step - first));
        }

        @Override
        public int head() {
            return 0;
        }

        @Override
        public void read(FloatBlocks values, FloatBlocks into) {
            own.read(entries, values, into, entries.blocks().length);
        }

        @Override
        public void close() {
            own.close();
        }
    }
}
