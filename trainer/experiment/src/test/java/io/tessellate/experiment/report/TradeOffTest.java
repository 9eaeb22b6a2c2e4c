package io.tessellate.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.experiment.plan.Arm;
import io.tessellate.experiment.plan.Protocol;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.Moved;
import io.tessellate.experiment.result.RunOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TradeOffTest {
    private static ArmResult arm(String family, double rate, double newest, double forgotten, double norm) {
        Arm arm = new Arm(
                family + rate,
                family,
                Map.of("learningRate", rate),
                Protocol.SEQUENCE,
                Map.of(),
                Map.of(),
                List.of(rate),
                List.of(),
                null,
                null);
        List<List<Double>> union = List.of(List.of(0.9), List.of(0.9 - forgotten, newest));
        RunOutcome outcome = new RunOutcome(
                "",
                "",
                Map.of(),
                union,
                union,
                true,
                List.of(),
                List.of(),
                List.of(),
                1,
                List.of(),
                List.of(new Moved(9, 0, 0), new Moved(norm, norm / 10, norm / 5)),
                List.of());
        return new ArmResult(
                arm, arm.recipe(Map.of(), arm.firstChoice().at(rate), 0), 1, null, List.of(), List.of(outcome));
    }

    private static final List<ArmResult> ARMS = List.of(
            arm("dear", 0.004, 0.8, 0.4, 4),
            arm("dear", 0.001, 0.6, 0.0, 1),
            arm("dear", 0.002, 0.7, 0.2, 2),
            arm("cheap", 0.001, 0.6, 0.0, 1),
            arm("cheap", 0.002, 0.7, 0.1, 2),
            arm("cheap", 0.004, 0.8, 0.2, 4));

    /** Both families learn 0.6 to 0.8: the middles of three equal parts are 0.633, 0.700 and 0.767. */
    @Test
    void familiesAreMatchedByWhatTheyLearnAndByHowFarTheyMove() {
        String text = new TradeOff(ARMS).markdown();
        assertThat(text).contains("| dear | 0.001 | 0.600 | 0.000 | 1.000 | 0.100 | 0.200 |");
        assertThat(text)
                .contains(
                        "matched by what the newest task comes to:\n\n| family | 0.633 | 0.700 | 0.767 |\n|---|---|---|---|\n"
                                + "| dear | 0.067 | 0.200 | 0.333 |\n| cheap | 0.033 | 0.100 | 0.167 |\n");
        assertThat(text)
                .contains(
                        "matched by the norm of the change:\n\n| family | 1.500 | 2.500 | 3.500 |\n|---|---|---|---|\n"
                                + "| dear | 0.100 | 0.250 | 0.350 |\n| cheap | 0.050 | 0.125 | 0.175 |\n");
        assertThat(text).contains("matched by the predicted rise of the earlier tasks' loss");
    }

    @Test
    void itIsDrawnOnlyWhereAFamilyIsSweptOverRates() {
        assertThat(new TradeOff(ARMS).picture()).isPresent();
        assertThat(new TradeOff(ARMS).picture().orElseThrow().svg()).contains(">dear<", ">forgetting, union view<");
        assertThat(new TradeOff(ARMS.subList(0, 2)).picture()).isEmpty();
        assertThat(new TradeOff(ARMS.subList(0, 2)).markdown()).isEmpty();
    }
}
