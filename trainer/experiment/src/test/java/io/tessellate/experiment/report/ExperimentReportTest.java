package io.tessellate.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.MaskOverlap;
import io.tessellate.experiment.result.RunOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExperimentReportTest {
    private static String markdown(Coverage coverage, MaskOverlap... overlaps) {
        var stream = new StreamReport(
                "all",
                List.of("first", "second"),
                false,
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

    private static RunOutcome run(List<String> tasks, double first, double second) {
        List<Map<String, String>> named =
                tasks.stream().map(task -> Map.of("name", task)).toList();
        return new RunOutcome(
                "key",
                "title",
                Map.of("tasks", named),
                List.of(List.of(first), List.of(first - 0.1, second)),
                List.of(List.of(first), List.of(first, second)),
                true,
                List.of(),
                List.of(),
                List.of(),
                1,
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void whereEverySeedHasItsOwnOrderScoresAreFoundUnderTheirTasks() {
        ArmResult plain = PlotsTest.arm("one", 0.1);
        ArmResult arm = new ArmResult(
                plain.arm(),
                plain.recipe(),
                1,
                null,
                List.of(),
                List.of(run(List.of("sst2", "mrpc"), 0.8, 0.6), run(List.of("mrpc", "sst2"), 0.7, 0.9)));
        StreamReport stream = new StreamReport("all", List.of("place 1", "place 2"), true, List.of(arm), false);
        ExperimentReport report =
                new ExperimentReport(List.of(stream), List.of(), Coverage.ofFirst(2, List.of(1L, 2L)), 0.01);
        assertThat(report.markdown())
                .contains(
                        "| arm | mrpc | sst2 |",
                        "| one | 0.650 ± 0.071 | 0.850 ± 0.071 |",
                        "| one | 0.600 ± 0.000 | 0.800 ± 0.141 |");
        assertThat(report.csv())
                .contains("all,\"one\",0.001,0,union,mrpc,sst2,0.7", "all,\"one\",0.001,1,union,sst2,mrpc,0.6")
                .doesNotContain("place");
    }
}
