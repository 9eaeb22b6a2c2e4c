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
 * {@code large SIZE LAYERS BATCH LENGTH STEPS WORKLOAD...} that of a model whose weights are kept in 16 bits, 0 layers being all; {@code
 * train EXAMPLES} a whole small task; {@code shape SIZE} and {@code llama SIZE LAYERS BATCH LENGTH} print what a yardstick must be built like.
 */
final class DeviceMeasurements {
    private static final long SEED = 1;

    private DeviceMeasurements() {}

    public static void main(String[] arguments) throws IOException {
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        boolean passed = switch (arguments[0]) {
            case "test" -> test(rest);
            case "bench" -> bench(plan(rest));
            case "large" -> bench(large(rest));
            case "llama" -> printLlama(cut(rest));
            case "train" -> SmallTask.run(Integer.parseInt(rest[0]));
            case "shape" -> printShape(shape(rest[0]));
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        System.exit(passed ? 0 : 1);
    }

    private static BenchShape shape(String name) {
        return BenchSize.valueOf(name.toUpperCase(Locale.ROOT)).shape();
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

    private static boolean bench(BenchPlan plan) {
        Backend backend = Backends.open(System.getProperty(TestedBackends.PROPERTY, Backends.TORCH_CPU));
        BenchResult result = new EngineBench(backend, 0, line -> System.out.println("... " + line)).run(plan);
        String name = plan.shape().name();
        System.out.printf(
                Locale.ROOT,
                "%s, %s: evaluation %.2f ms median, %.2f min; product peak %.0f GF/s%n",
                name,
                result.backend(),
                result.evaluation().median(),
                result.evaluation().min(),
                result.gemmPeak());
        for (WorkloadResult workload : result.workloads()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s, %s: step %.2f ms median, %.2f min; forward and backward %.2f median, %.2f min%n",
                    name,
                    plan.precision().label(),
                    workload.workload().label(),
                    workload.step().median(),
                    workload.step().min(),
                    workload.pass().median(),
                    workload.pass().min());
        }
        return true;
    }

    /** SIZE STEPS PRECISION, the weights in 32 bits. */
    private static BenchPlan plan(String... arguments) {
        Precision precision = Precision.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        return new BenchPlan(
                shape(arguments[0]),
                List.of(BenchWorkload.values()),
                Integer.parseInt(arguments[1]),
                SEED,
                false,
                precision);
    }

    /** SIZE LAYERS BATCH LENGTH STEPS WORKLOAD..., the weights in 16 bits and in mixed precision. */
    private static BenchPlan large(String... arguments) {
        List<BenchWorkload> workloads = Arrays.stream(arguments, 5, arguments.length)
                .map(name -> BenchWorkload.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
        return new BenchPlan(cut(arguments), workloads, Integer.parseInt(arguments[4]), SEED, true, Precision.MIXED);
    }

    /** SIZE LAYERS BATCH LENGTH; 0 layers are all. */
    private static BenchShape cut(String... arguments) {
        BenchShape whole = shape(arguments[0]);
        int layers = Integer.parseInt(arguments[1]);
        return whole.lowest(layers == 0 ? whole.config().layers() : layers)
                .of(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
    }

    /** SIZE of an encoder. */
    private static boolean printShape(BenchShape shape) {
        ModelConfig config = shape.config();
        System.out.printf(
                "%d %d %d %d %d %d %d%n",
                config.vocabulary(),
                config.hidden(),
                config.layers(),
                config.heads(),
                shape.batch(),
                shape.length(),
                BenchModel.LABELS);
        return true;
    }

    /** SIZE of a Llama. */
    private static boolean printLlama(BenchShape shape) {
        ModelConfig config = shape.config();
        System.out.printf(
                "%d %d %d %d %d %d %d %d%n",
                config.vocabulary(),
                config.hidden(),
                config.layers(),
                config.heads(),
                config.architecture().attention().keyValueHeads(),
                config.intermediate(),
                shape.batch(),
                shape.length());
        return true;
    }
}
