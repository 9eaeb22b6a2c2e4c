package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.precision.Precision;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * What {@code src/bench/gpu} runs on a machine that has neither Maven nor ND4J, on the backend of the property
 * {@code tessellate.test.backend}. Arguments: {@code test CLASS...} runs test classes; {@code bench SIZE STEPS PRECISION} the benchmark;
 * {@code train EXAMPLES} a whole small task; {@code shape SIZE} prints what a yardstick must be built like.
 */
final class DeviceMeasurements {
    private DeviceMeasurements() {}

    public static void main(String[] arguments) throws IOException {
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        boolean passed = switch (arguments[0]) {
            case "test" -> test(rest);
            case "bench" ->
                bench(size(rest[0]), Integer.parseInt(rest[1]), Precision.valueOf(rest[2].toUpperCase(Locale.ROOT)));
            case "train" -> SmallTask.run(Integer.parseInt(rest[0]));
            case "shape" -> shape(size(rest[0]));
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        System.exit(passed ? 0 : 1);
    }

    private static BenchSize size(String name) {
        return BenchSize.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static boolean test(String... classes) {
        List<ClassSelector> selected =
                Arrays.stream(classes).map(DiscoverySelectors::selectClass).toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selected).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener, new Progress());
        TestExecutionSummary summary = listener.getSummary();
        System.out.printf(
                "%s: %d tests passed, %d failed, %d skipped%n",
                String.join(", ", classes),
                summary.getTestsSucceededCount(),
                summary.getTotalFailureCount(),
                summary.getTestsSkippedCount() + summary.getContainersSkippedCount());
        return summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() > 0;
    }

    /** Says each outcome at once: a part that is stopped for its time would else say nothing. */
    private static final class Progress implements TestExecutionListener {
        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            System.out.printf("skipped  %s: %s%n", test.getLegacyReportingName(), reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() || result.getThrowable().isPresent()) {
                System.out.printf(
                        "%-10s %s%n",
                        result.getStatus().toString().toLowerCase(Locale.ROOT), test.getLegacyReportingName());
            }
            result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
        }
    }

    private static boolean bench(BenchSize size, int steps, Precision precision) {
        Backend backend = Backends.open(System.getProperty(TestedBackends.PROPERTY, Backends.TORCH_CPU));
        BenchPlan plan = new BenchPlan(size, List.of(BenchWorkload.values()), steps, 1, false, precision);
        BenchResult result = new EngineBench(backend, 0, line -> System.out.println("... " + line)).run(plan);
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
                    "%s, %s, %s: step %.2f ms median, %.2f min; forward and backward %.2f median, %.2f min%n",
                    size,
                    precision.label(),
                    workload.workload().label(),
                    workload.step().median(),
                    workload.step().min(),
                    workload.pass().median(),
                    workload.pass().min());
        }
        return true;
    }

    private static boolean shape(BenchSize size) {
        ModelConfig config = size.config();
        System.out.printf(
                "%d %d %d %d %d %d %d%n",
                config.vocabulary(),
                config.hidden(),
                config.layers(),
                config.heads(),
                size.batch(),
                BenchSize.LENGTH,
                BenchModel.LABELS);
        return true;
    }
}
