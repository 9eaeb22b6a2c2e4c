package io.tessellate.experiment.report;

import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.Tuned;
import java.util.ArrayList;
import java.util.List;

/**
 * What tuning tried, and a warning for every winner beyond which nothing was tried.
 *
 * @param arms of any stream, for tuning is the same for all
 */
record TuningSection(List<ArmResult> arms) {
    /** Stands before all tables; empty if every winner lies inside its bracket. */
    String warnings() {
        StringBuilder text = new StringBuilder();
        for (ArmResult arm : arms) {
            arm.tuned().stream()
                    .filter(Tuned::isAtEdge)
                    .forEach(tuned -> text.append(
                            "**Warning:** %s of %s, %s, lies at the edge of what was tried: a better one may lie beyond.\n\n"
                                    .formatted(tuned.what(), arm.name(), tuned.winner())));
        }
        return text.toString();
    }

    /** Every bracket; empty where nothing was tuned. */
    String markdown() {
        List<String> rows = new ArrayList<>();
        for (ArmResult arm : arms) {
            arm.tuned().forEach(tuned -> rows.add(row(arm, tuned)));
        }
        return rows.isEmpty()
                ? ""
                : "\n## Tuning\n\nMean score on held-out train, the winner in bold; of the others how far they are from it, as a factor where the mean is geometric, with the 95 %"
                        + " interval over tuning tasks and seeds (Student's t), and which of them that interval does not tell apart.\n\n"
                        + "| arm | number | tried | beyond the plan | not told apart |\n|---|---|---|---|---|\n"
                        + String.join("", rows);
    }

    private static String row(ArmResult arm, Tuned tuned) {
        return "| %s | %s | %s | %d | %s |\n"
                .formatted(
                        arm.name(),
                        tuned.what(),
                        tuned.text(),
                        tuned.extended(),
                        tuned.undecided().isEmpty() ? "none" : tuned.undecided().toString());
    }
}
