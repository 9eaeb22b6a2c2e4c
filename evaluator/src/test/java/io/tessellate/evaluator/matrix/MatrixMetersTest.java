package io.tessellate.evaluator.matrix;

import static io.tessellate.evaluator.matrix.Evaluations.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.evaluator.topology.InMemoryMatrixState;
import io.tessellate.evaluator.topology.MatrixFold;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.runtime.metrics.Metrics;
import org.junit.jupiter.api.Test;

class MatrixMetersTest {
    @Test
    void theNewestRowOfEachModelIsShown() {
        try (var metrics = new Metrics()) {
            var meters = new MatrixMeters(metrics.registry());
            var fold = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);
            fold.register(MODEL, Gate.of(1));
            Evaluations.versions(MODEL, 2, 0.8).stream()
                    .flatMap(evaluation -> fold.apply(evaluation).stream())
                    .forEach(completed -> meters.apply(RowCodec.event(completed.row())));

            assertThat(metrics.scrape())
                    .contains("tessellate_evaluator_measured_version{model=\"support-bot\"} 2.0")
                    .contains("tessellate_evaluator_verdicts_total{model=\"support-bot\",verdict=\"pass\"} 2.0")
                    .contains("tessellate_evaluator_verdicts_total{model=\"support-bot\",verdict=\"fail\"} 0.0")
                    .contains("tessellate_evaluator_accuracy_ratio{model=\"support-bot\",view=\"task\"} 0.9")
                    .contains("tessellate_evaluator_accuracy_ratio{model=\"support-bot\",view=\"union\"} 0.85")
                    .contains("tessellate_evaluator_forgetting_ratio{model=\"support-bot\",view=\"task\"} 0.0")
                    .containsPattern(
                            "tessellate_evaluator_forgetting_ratio\\{model=\"support-bot\",view=\"union\"} 0\\.(1|09999)");
        }
    }
}
