package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.Optional;

/** Asks that a run ends without a version. Whether it was done before that is decided here, by the order of the log. */
record CancelTask(TaskName task, RunId run, Author author) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        Optional<ModelLine> line = state.line();
        if (line.isEmpty()) {
            return refused(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()));
        }
        Optional<CommittedVersion> committed = line.get().versionOf(run);
        if (committed.isPresent()) {
            return refused(
                    ErrorCode.TASK_CLOSED,
                    "run %s of task %s was committed as version %d before it could be cancelled"
                            .formatted(run, task, committed.get().number()));
        }
        return line.get().cancelled(run).isPresent()
                ? Decision.nothing()
                : Decision.of(new Intervention.TaskCancelled(task, run, author.who(), author.why()));
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, task, run);
    }
}
