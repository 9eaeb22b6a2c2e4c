package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.mask.Mask;
import java.nio.file.Path;

/** Asks about some weights what a run would ask before its training. */
final class Probe {
    private Probe() {}

    static <T> T of(TrainingJob job, Path checkpoints, Mask mask, Question<T> question) {
        var control = TrainingControl.unattended(new CheckpointStore(checkpoints));
        try (var passes = new ModelPasses(TrainingFixture.BACKEND, ToyEncoder.CONFIG)) {
            var run = new RunContext(job, control, TrainingFixture.BACKEND, passes);
            run.startPhase();
            var layout = job.parent().views().union().layout();
            return question.ask(run, TrainedEntries.of(MaskPlan.Entries.of(mask), layout));
        }
    }

    interface Question<T> {
        T ask(RunContext run, TrainedEntries entries);
    }
}
