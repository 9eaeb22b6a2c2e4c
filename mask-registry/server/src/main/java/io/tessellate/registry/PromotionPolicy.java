package io.tessellate.registry;

import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.RegistryEvent;
import java.util.Locale;

/** Promotes a version when no earlier task dropped by more than the model's forgetting budget, else sets it aside. */
final class PromotionPolicy {
    private PromotionPolicy() {}

    static Decision judge(ModelLine line, JudgeVersion measured) {
        int earlier = measured.tasks().size() - 1;
        int worst = 0;
        for (int i = 1; i < earlier; i++) {
            worst = exceeds(measured.drops().get(i), measured.drops().get(worst)) ? i : worst;
        }
        if (earlier > 0 && exceeds(measured.drops().get(worst), line.forgettingBudget())) {
            return Decision.of(new RegistryEvent.VersionQuarantined(
                    measured.version(),
                    measured.tasks().get(worst),
                    measured.drops().get(worst),
                    line.forgettingBudget()));
        }
        if (measured.version() < line.champion().orElse(0)) {
            return Decision.nothing();
        }
        String reason = earlier == 0
                ? "the first version has no earlier task to forget"
                : String.format(
                        Locale.ROOT,
                        "largest drop %.4f, of task %s, is within the budget of %.4f",
                        measured.drops().get(worst),
                        measured.tasks().get(worst),
                        line.forgettingBudget());
        return Decision.of(new RegistryEvent.VersionPromoted(measured.version(), reason));
    }

    /** A drop that is not a number is worse than any limit. */
    private static boolean exceeds(double drop, double limit) {
        return !Double.isNaN(limit) && !(drop <= limit);
    }
}
