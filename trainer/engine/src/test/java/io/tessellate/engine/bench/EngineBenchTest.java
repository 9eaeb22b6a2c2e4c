package io.tessellate.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineBenchTest {
    private final Backend backend = Backends.open(Backends.HOST);

    @Test
    void everyPartOfAStepIsAccountedFor() {
        BenchPlan plan = new BenchPlan(BenchSize.MINI.shape(), List.of(BenchWorkload.EXPANDER), 1, 3);
        List<String> progress = new ArrayList<>();
        BenchResult result = new EngineBench(backend, 1, progress::add).run(plan);
        WorkloadResult workload = result.workloads().get(0);
        double sum = workload.parts().values().stream().mapToDouble(ms -> ms).sum();
        assertThat(sum).isCloseTo(workload.step().median(), within(0.1));
        assertThat(workload.parts().get(StepPart.GEMM_FORWARD)).isPositive();
        assertThat(workload.parts().get(StepPart.ATTENTION)).isPositive();
        assertThat(workload.gigaflops().get(StepPart.GEMM_FORWARD)).isPositive();
        assertThat(workload.pass().median()).isLessThanOrEqualTo(workload.step().median());
        assertThat(workload.tokensPerSecond()).isPositive();
        assertThat(result.evaluation().min()).isPositive();
        assertThat(result.gemmPeak()).isPositive();
        StorageTimes storage = result.storage().orElseThrow();
        assertThat(storage.loading().min()).isPositive();
        assertThat(storage.switchingHundredth().min())
                .isPositive()
                .isLessThan(storage.switchingTenth().min());
        assertThat(progress).hasSize(4);
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    @Test
    void productsAreToldApartByTheirForm() {
        PartClock clock = new PartClock();
        Backend metered = new MeteredBackend(backend, clock);
        try (FloatVector memory = metered.memory().allocate(3 * 4)) {
            Matrix a = metered.memory().matrix(memory, 0, 2, 2);
            Matrix b = metered.memory().matrix(memory, 4, 2, 2);
            Matrix c = metered.memory().matrix(memory, 8, 2, 2);
            metered.products().multiply(Product.ABT, a, b, c);
            metered.products().multiply(Product.ATB.accumulating(), a, b, c);
            metered.rows().addBias(c, metered.memory().matrix(memory, 0, 1, 2));
        }
        assertThat(clock.flops(StepPart.GEMM_FORWARD)).isEqualTo(16);
        assertThat(clock.flops(StepPart.GEMM_WEIGHT)).isEqualTo(16);
        assertThat(clock.flops(StepPart.GEMM_INPUT)).isZero();
        assertThat(clock.milliseconds(StepPart.ROWS)).isPositive();
        assertThat(clock.milliseconds(StepPart.EMBEDDING)).isZero();
    }

    @Test
    void aFailureOfTheBackendPassesThroughAsItIs() {
        Backend metered = new MeteredBackend(backend, new PartClock());
        try (FloatVector memory = metered.memory().allocate(4)) {
            Matrix table = metered.memory().matrix(memory, 0, 2, 2);
            assertThatThrownBy(() -> metered.rows().gatherRows(table, new int[] {9, 0}, table, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row 9");
        }
    }

    @Test
    void aPlanWithoutStepsIsRefused() {
        assertThatThrownBy(() -> new BenchPlan(BenchSize.MINI.shape(), List.of(BenchWorkload.FULL), 0, 1))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("at least one step, not 0");
    }
}
