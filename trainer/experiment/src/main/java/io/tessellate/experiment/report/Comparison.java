package io.tessellate.experiment.report;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.Holm;
import io.tessellate.experiment.result.PairedInterval;
import io.tessellate.experiment.result.PairedTest;
import io.tessellate.text.NumberText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Every arm against the first, seed by seed: what was found, how sure it is, and whether "as good as" may be said.
 *
 * @param arms more than one, all of the same seeds
 * @param margin arms that are less apart count as equally good
 */
record Comparison(List<ArmResult> arms, double margin) {
    private static final double COVERAGE = 0.95;

    /** What is compared. */
    @SuppressWarnings("ImmutableEnumChecker") // functions of their argument alone
    private enum Compared {
        LEARNT("learnt", ArmResult::learntValues),
        NEWEST("newest", ArmResult::newestValues),
        ACC("ACC", arm -> arm.unionValues(ContinualMetrics::averageAccuracy)),
        FORGETTING("forgetting", arm -> arm.unionValues(m -> m.forgetting().orElse(0)));

        private final String label;
        private final Function<ArmResult, double[]> values;

        Compared(String label, Function<ArmResult, double[]> values) {
            this.label = label;
            this.values = values;
        }
    }

    private record Row(String arm, Compared measured, double[] values, double[] first) {
        double p() {
            return PairedTest.of(values, first).p();
        }
    }

    String markdown() {
        List<Row> rows = rows();
        int pairs = arms.get(0).outcomes().size();
        double[] corrected = Holm.corrected(rows.stream().mapToDouble(Row::p).toArray());
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "\n### Against %s, seed by seed\n\nMean difference with its 95 %% interval (Student's t), p of the exact sign-flip test,"
                        + " two-sided (with %d pairs at least %s), the same corrected for the table's %d comparisons (Holm), and p of"
                        + " two one-sided t-tests against being %s or more apart: where that is small, the arms are as good as each"
                        + " other.\n\n| arm | of | difference | p | corrected | as good within %s |\n|---|---|---|---|---|---|\n",
                arms.get(0).name(),
                pairs,
                Tables.number(Math.min(1, Math.pow(2, 1 - pairs))),
                rows.size(),
                margin,
                margin));
        for (int row = 0; row < rows.size(); row++) {
            text.append(line(rows.get(row), corrected[row]));
        }
        return text.toString();
    }

    /** One for each arm but the first and each measure; forgetting only where there are several tasks. */
    private List<Row> rows() {
        ArmResult first = arms.get(0);
        boolean several = first.outcomes().get(0).union().size() > 1;
        List<Row> rows = new ArrayList<>();
        for (ArmResult arm : arms.subList(1, arms.size())) {
            Arrays.stream(Compared.values())
                    .filter(measured -> several || measured == Compared.LEARNT)
                    .forEach(measured -> rows.add(
                            new Row(arm.name(), measured, measured.values.apply(arm), measured.values.apply(first))));
        }
        return rows;
    }

    private String line(Row row, double corrected) {
        PairedTest test = PairedTest.of(row.values, row.first);
        boolean several = row.values.length > 1;
        PairedInterval interval = several ? PairedInterval.of(row.values, row.first) : null;
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s%s | %s | %s | %s |\n",
                row.arm,
                row.measured.label,
                NumberText.signed(test.mean(), 3),
                interval == null ? "" : " ± " + Tables.number(interval.half(COVERAGE)),
                Tables.number(test.p()),
                Tables.number(corrected),
                interval == null ? "" : Tables.number(interval.asGood(margin)));
    }
}
