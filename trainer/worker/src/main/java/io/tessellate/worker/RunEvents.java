package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.EarlierDataGone;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.event.TrainingProgress;
import io.tessellate.event.TrainingStarted;
import io.tessellate.lineage.log.RaceCodec;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.runtime.blob.Blob;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the events of one run. */
final class RunEvents {
    private final ClosedDataset dataset;
    private final Clock clock;

    RunEvents(ClosedDataset dataset, Clock clock) {
        this.dataset = dataset;
        this.clock = clock;
    }

    TrainingEvent started(int attempt, long resumedAtStep, int parentVersion) {
        TrainingEvent event = event();
        event.setStarted(new TrainingStarted(attempt, resumedAtStep, parentVersion));
        return event;
    }

    TrainingEvent completed(
            TrainingEngine.Run run,
            TrainingEngine.TrainedAdapter trained,
            Blob blob,
            Duration took,
            Map<String, String> environment) {
        TrainingEvent event = event();
        event.setCompleted(TrainingCompleted.newBuilder()
                .setToken(run.reservation().token())
                .setParentVersion(run.reservation().parentVersion())
                .setBaseDigest(run.line().baseDigest().hex())
                .setAdapter(RegistryEventCodec.toAvro(new StoredFile(blob.name(), blob.sha256(), blob.bytes())))
                .setMethod(run.recipe().method())
                .setOwned(trained.owned())
                .setRecipe(trained.recipe().json())
                .setDatasetDigest(run.dataset().digest().hex())
                .setTrainExamples(run.dataset().trainExamples())
                .setSteps(trained.steps())
                .setFinalLoss(trained.finalLoss())
                .setSeconds(took.toMillis() / 1000.0)
                .setEnvironment(environment)
                .setShortened(trained.shortened())
                .setCutOff(trained.cutOff())
                .setLeftOut(trained.leftOut().stream().map(RunEvents::event).toList())
                .setRace(trained.race().map(RaceCodec::toAvro).orElse(null))
                .build());
        return event;
    }

    TrainingEvent earlierDataGone(EarlierTasks.LeftOut earlier) {
        TrainingEvent event = event();
        event.setEarlierDataGone(event(earlier));
        return event;
    }

    private static EarlierDataGone event(EarlierTasks.LeftOut earlier) {
        return new EarlierDataGone(
                earlier.task().value(), earlier.code().name(), RetriedRun.shortened(earlier.reason()));
    }

    TrainingEvent failed(ErrorCode code, String message, @Nullable Long token) {
        TrainingEvent event = event();
        event.setFailed(new TrainingFailed(code.name(), message, token));
        return event;
    }

    TrainingProgress progress(String phase, long step, long steps, double loss, double secondsLeft) {
        return new TrainingProgress(
                dataset.task().model().value(),
                dataset.task().task().value(),
                dataset.run().value(),
                phase,
                step,
                steps,
                loss,
                secondsLeft,
                clock.instant());
    }

    private TrainingEvent event() {
        return TrainingEvent.newBuilder()
                .setModel(dataset.task().model().value())
                .setTask(dataset.task().task().value())
                .setRunId(dataset.run().value())
                .setAt(clock.instant())
                .build();
    }
}
