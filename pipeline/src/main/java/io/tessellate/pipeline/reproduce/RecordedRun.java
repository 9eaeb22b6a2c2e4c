package io.tessellate.pipeline.reproduce;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.log.RegistryEvent.MaskReserved;
import io.tessellate.pipeline.check.History;
import java.util.Map;

/**
 * What the topics say of a committed run.
 *
 * @param granted what was reserved for it
 * @param machine facts of the machine it ran on; empty if its publication is in no topic any more
 */
record RecordedRun(CommittedVersion commit, MaskReserved granted, Map<String, String> machine) {
    RecordedRun {
        machine = Map.copyOf(machine);
    }

    static RecordedRun of(History history, CommittedVersion commit) {
        long token = commit.commit().token();
        MaskReserved granted = history.registry().stream()
                .filter(entry -> entry.value().model().equals(commit.task().model()))
                .map(entry -> entry.value().event())
                .filter(MaskReserved.class::isInstance)
                .map(MaskReserved.class::cast)
                .filter(reserved -> reserved.token() == token)
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.NOT_READY,
                        "the registry's log holds no reservation under token %d, by which version %d of %s was committed"
                                .formatted(token, commit.number(), commit.task().model())));
        Map<String, String> machine = history.trainings().stream()
                .filter(event -> event.value().getRunId().equals(commit.run().value()))
                .map(event -> event.value().getCompleted())
                .filter(completed -> completed != null && completed.getToken() == token)
                .map(TrainingCompleted::getEnvironment)
                .findFirst()
                .orElse(Map.of());
        return new RecordedRun(commit, granted, machine);
    }
}
