package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.text.NumberText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Promotes a version that passed the verdict of its row, else sets it aside; what then becomes of its adapter is the model's policy. A
 * row without a verdict, which earlier versions wrote, is judged by points: no earlier task may have dropped by more than the model's
 * forgetting budget, and every task must have been measured unless the model was registered to be judged by the others.
 */
final class PromotionPolicy {
    private static final String POLICY = "policy";

    private PromotionPolicy() {}

    static Decision judge(ModelLine line, JudgeVersion measured) {
        return measured.verdict()
                .map(verdict -> byVerdict(line, measured, verdict))
                .orElseGet(() -> byPoints(line, measured));
    }

    private static Decision byVerdict(ModelLine line, JudgeVersion measured, JudgeVersion.Verdict verdict) {
        JudgeVersion.FailedTask failed = verdict.failed();
        if (failed != null) {
            return failed(
                    line,
                    new RegistryEvent.VersionQuarantined(
                            measured.version(),
                            failed.task(),
                            failed.drop(),
                            failed.budget(),
                            ErrorCode.FORGETTING,
                            verdict.reason()));
        }
        if (!verdict.passed()) {
            return measured.gaps().isEmpty()
                    ? Decision.rejected(
                            ErrorCode.INVALID_ARGUMENT,
                            "the row of version %d failed without a task that did: %s"
                                    .formatted(measured.version(), verdict.reason()),
                            null,
                            null)
                    : unmeasured(line, measured);
        }
        return promoted(line, measured.version(), verdict.reason());
    }

    /** Only what was measured takes an adapter out, and only while nothing was built on it. */
    private static Decision failed(ModelLine line, RegistryEvent.VersionQuarantined quarantined) {
        int version = quarantined.version();
        boolean stays = line.rules().failed() == FailedVersion.KEEP
                || line.parent() != version
                || line.version(version).commit().isEmpty();
        if (stays) {
            return Decision.of(quarantined);
        }
        int before = line.version(version).builtOn();
        String why = "version %d failed its verdict; its adapter stays out of every later version".formatted(version);
        return new Decision(List.of(
                quarantined,
                new Intervention.ParentChanged(before, Intervention.ParentChanged.Cause.QUARANTINE, POLICY, why)));
    }

    private static Decision promoted(ModelLine line, int version, String reason) {
        return Decision.of(obstacle(line, version)
                .<RegistryEvent>map(why -> new RegistryEvent.VersionPassed(version, reason + "; " + why))
                .orElseGet(() -> new RegistryEvent.VersionPromoted(version, reason)));
    }

    private static Decision byPoints(ModelLine line, JudgeVersion measured) {
        OptionalInt worst = worst(line, measured);
        if (worst.isPresent() && exceeds(drop(measured, worst.getAsInt()), line.forgettingBudget())) {
            return failed(
                    line,
                    new RegistryEvent.VersionQuarantined(
                            measured.version(),
                            measured.tasks().get(worst.getAsInt()),
                            drop(measured, worst.getAsInt()),
                            line.forgettingBudget()));
        }
        if (!measured.gaps().isEmpty() && !line.promoteUnmeasured()) {
            return unmeasured(line, measured);
        }
        return promoted(line, measured.version(), reason(line, measured, worst));
    }

    /** Why a good version does not become champion by itself, if it does not. */
    private static Optional<String> obstacle(ModelLine line, int version) {
        if (version < line.champion().orElse(0)) {
            return Optional.of(
                    "version %d is champion already".formatted(line.champion().getAsInt()));
        }
        List<TaskId> heldBack = line.heldBack(version);
        return heldBack.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "it holds %s, from which a person went back: tessellate promote %s %d if it may be champion all the same"
                                .formatted(heldBack.stream().map(TaskId::task).toList(), line.name(), version));
    }

    /** The earlier task that dropped most, of those that were measured. */
    private static OptionalInt worst(ModelLine line, JudgeVersion measured) {
        int worst = -1;
        boolean bringsOne = line.version(measured.version()).commit().isPresent();
        int earlier = bringsOne ? measured.tasks().size() - 1 : measured.tasks().size();
        for (int task = 0; task < earlier; task++) {
            if (measured.drop(task).isPresent()
                    && (worst < 0 || exceeds(drop(measured, task), drop(measured, worst)))) {
                worst = task;
            }
        }
        return worst < 0 ? OptionalInt.empty() : OptionalInt.of(worst);
    }

    private static double drop(JudgeVersion measured, int task) {
        return measured.drop(task).orElseThrow();
    }

    private static Decision unmeasured(ModelLine line, JudgeVersion measured) {
        JudgeVersion.Gap first = measured.gaps().get(0);
        String reason = "%d of %d tasks could not be measured; '%s': %s"
                .formatted(measured.gaps().size(), measured.tasks().size(), first.task(), first.reason());
        return Decision.of(new RegistryEvent.VersionQuarantined(
                measured.version(), first.task(), 0, line.forgettingBudget(), first.code(), reason));
    }

    private static String reason(ModelLine line, JudgeVersion measured, OptionalInt worst) {
        String without = measured.gaps().isEmpty()
                ? ""
                : "; %d of %d tasks could not be measured"
                        .formatted(measured.gaps().size(), measured.tasks().size());
        if (worst.isEmpty()) {
            return measured.tasks().size() == 1
                    ? "the first version has no earlier task to forget" + without
                    : "no earlier task could be measured" + without;
        }
        return "largest drop %s, of task %s, is within the budget of %s"
                        .formatted(
                                NumberText.fixed(drop(measured, worst.getAsInt()), 4),
                                measured.tasks().get(worst.getAsInt()),
                                NumberText.fixed(line.forgettingBudget(), 4))
                + without;
    }

    /** A drop that is not a number is worse than any limit. */
    private static boolean exceeds(double drop, double limit) {
        return !Double.isNaN(limit) && !(drop <= limit);
    }
}
