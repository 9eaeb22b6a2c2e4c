package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.VersionStanding;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a version was measured completely.
 *
 * @param version the version
 * @param tasks its tasks in the order of their commits
 * @param drops per task, how far its union score fell below its best earlier one
 * @param gaps tasks without a union score, whose drops say nothing
 * @param verdict what the row says it came to; nothing in rows of earlier versions, which are judged here
 */
record JudgeVersion(int version, List<TaskName> tasks, List<Double> drops, List<Gap> gaps, Optional<Verdict> verdict)
        implements RegistryCommand {
    JudgeVersion {
        tasks = List.copyOf(tasks);
        drops = List.copyOf(drops);
        gaps = List.copyOf(gaps);
    }

    /** A row without a verdict of its own. */
    JudgeVersion(int version, List<TaskName> tasks, List<Double> drops, List<Gap> gaps) {
        this(version, tasks, drops, gaps, Optional.empty());
    }

    /**
     * What a row says it came to.
     *
     * @param passed whether the version may become champion
     * @param failed the task that dropped most of those that failed; null where none did
     */
    record Verdict(boolean passed, String reason, @Nullable FailedTask failed) {}

    /** An earlier task whose drop was too much. */
    record FailedTask(TaskName task, double drop, double budget) {}

    /** A task that could not be measured, and why. */
    record Gap(TaskName task, ErrorCode code, String reason) {}

    /** The drop of a task; empty if it could not be measured. */
    OptionalDouble drop(int ordinal) {
        TaskName task = tasks.get(ordinal);
        return gaps.stream().anyMatch(gap -> gap.task().equals(task))
                ? OptionalDouble.empty()
                : OptionalDouble.of(drops.get(ordinal));
    }

    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        Optional<ModelLine> line = state.line();
        if (line.isEmpty()) {
            return refused(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()));
        }
        if (version < 1 || version > line.get().currentVersion()) {
            return refused(
                    ErrorCode.UNKNOWN_VERSION,
                    "a measurement names version %d of model %s, which is at version %d"
                            .formatted(version, state.model(), line.get().currentVersion()));
        }
        List<TaskName> committed = line.get().holding(version).taskNames();
        if (!tasks.equals(committed) || drops.size() != tasks.size()) {
            return refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "a measurement of version %d holds tasks %s and %d drops; the version's tasks are %s"
                            .formatted(version, tasks, drops.size(), committed));
        }
        return line.get().standing(version) == VersionStanding.CANDIDATE
                ? PromotionPolicy.judge(line.get(), this)
                : Decision.nothing();
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, null, null);
    }

    @Override
    public WhileParked whileParked() {
        return WhileParked.KEPT;
    }
}
