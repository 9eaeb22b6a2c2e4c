package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.List;

/**
 * Asks that a task's adapter is taken out. A new version follows that holds all the others: what the task owned has the base's bytes
 * there and is free. Where it was the only one, the next task builds on the base.
 */
record DropTask(TaskName task, Author author) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        if (state.line().isEmpty()) {
            return refused(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()));
        }
        ModelLine line = state.line().get();
        Holding holding = line.holding();
        if (holding.of(task).isEmpty()) {
            return line.versionOf(task).isPresent()
                    ? Decision.nothing()
                    : refused(
                            ErrorCode.UNKNOWN_TASK,
                            "no version of model %s holds task %s; one that is being trained is ended by: tessellate cancel %s/%s"
                                    .formatted(line.name(), task, line.name(), task));
        }
        if (line.ownership() == Ownership.SHARED) {
            return refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "tasks of model %s overwrite each other's weights (shared ownership): what one of them set cannot be taken out"
                            .formatted(line.name()));
        }
        ledger.requireSound(line);
        return Decision.of(holding.size() == 1 ? onTheBase() : without(line, ledger));
    }

    private Intervention onTheBase() {
        return new Intervention.ParentChanged(0, Intervention.ParentChanged.Cause.DROP, author.who(), author.why());
    }

    private Intervention without(ModelLine line, OwnershipLedger ledger) {
        List<Integer> holds = line.holding().numbersWithout(task);
        List<CertifiedTask> certificate = line.holding().commits().stream()
                .filter(commit -> holds.contains(commit.number()))
                .map(commit -> commit.certified(commit.task().task()).orElseThrow())
                .toList();
        ledger.requireCertified(line, holds, certificate);
        return new Intervention.VersionComposed(
                line.currentVersion() + 1, holds, task, certificate, author.who(), author.why());
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, task, null);
    }

    @Override
    public WhileParked whileParked() {
        return WhileParked.REFUSED;
    }
}
