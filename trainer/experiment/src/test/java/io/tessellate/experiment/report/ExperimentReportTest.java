package io.tessellate.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.experiment.result.MaskOverlap;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExperimentReportTest {
    private static String markdown(Coverage coverage, MaskOverlap... overlaps) {
        var stream = new StreamReport(
                "all",
                List.of("first", "second"),
                List.of(PlotsTest.arm("one", 0.1), PlotsTest.arm("two", 0.1)),
                false);
        return new ExperimentReport(List.of(stream), List.of(overlaps), coverage, 0.01).markdown();
    }

    @Test
    void whatOneSeedCannotTellIsLeftEmpty() {
        String text = markdown(Coverage.ofFirst(1, List.of(7L, 8L)), new MaskOverlap("one", 0.1, Double.NaN, 0.5));
        assertThat(text)
                .startsWith("**Unfinished:** 1 of the plan's 2 seeds is whole (7); all below is of these. Missing:\n\n"
                        + "- seed 8: to be run\n")
                .contains("| one | 0.100 |  | 0.500 |", "| one | 0.001 | 0.850 | 0.800 | 0.600 | -0.500 | 0.500 |")
                .doesNotContain("NaN");
    }

    @Test
    void aReportOfAllSeedsSaysNothingOfMissingOnes() {
        assertThat(markdown(Coverage.ofFirst(1, List.of(7L)))).doesNotContain("Unfinished", "of 1 seeds,");
    }
}
