package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.TestedBackends;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * What {@code src/bench/gpu} runs on a machine that has neither Maven nor ND4J: test classes by their names, or the benchmark
 * at some size. Arguments: {@code test CLASS...}, or {@code bench SIZE STEPS}; the backend is that of the property
 * {@code tessellate.test.backend}.
 */
final class DeviceMeasurements {
    private DeviceMeasurements() {}

    public static void main(String[] arguments) {
        boolean passed = arguments[0].equals("test")
                ? test(Arrays.copyOfRange(arguments, 1, arguments.length))
                : bench(BenchSize.valueOf(arguments[1].toUpperCase(Locale.ROOT)), Integer.parseInt(arguments[2]));
        System.exit(passed ? 0 : 1);
    }

    private static boolean test(String... classes) {
        List<ClassSelector> selected =
                Arrays.stream(classes).map(DiscoverySelectors::selectClass).toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selected).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.getFailures()
                .forEach(failure -> System.out.printf(
                        "FAILED %s: %s%n", failure.getTestIdentifier().getUniqueId(), failure.getException()));
        System.out.printf(
                "%s: %d tests passed, %d failed, %d skipped%n",
                String.join(", ", classes),
                summary.getTestsSucceededCount(),
                summary.getTestsFailedCount(),
                summary.getTestsSkippedCount() + summary.getContainersSkippedCount());
        return summary.getTestsFailedCount() == 0 && summary.getTestsSucceededCount() > 0;
    }

    private static boolean bench(BenchSize size, int steps) {
        Backend backend = Backends.open(System.getProperty(TestedBackends.PROPERTY, Backends.TORCH_CPU));
        BenchPlan plan = new BenchPlan(size, List.of(BenchWorkload.values()), steps, 1);
        BenchResult result = new EngineBench(backend, 0, line -> {}).run(plan);
        System.out.printf(
                Locale.ROOT,
                "%s, %s: evaluation %.2f ms median, %.2f min; product peak %.0f GF/s%n",
                size,
                result.backend(),
                result.evaluation().median(),
                result.evaluation().min(),
                result.gemmPeak());
        for (WorkloadResult workload : result.workloads()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: step %.2f ms median, %.2f min; forward and backward %.2f median, %.2f min%n",
                    size,
                    workload.workload().label(),
                    workload.step().median(),
                    workload.step().min(),
                    workload.pass().median(),
                    workload.pass().min());
        }
        return true;
    }
}
