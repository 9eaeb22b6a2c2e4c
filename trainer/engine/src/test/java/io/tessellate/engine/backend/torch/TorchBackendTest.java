package io.tessellate.engine.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendContract;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.backend.torch.installation.TorchInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** On the CPU, or on the device that a property names. */
@Tag("libtorch")
@EnabledIfSystemProperty(
        named = TorchInstallation.PROPERTY,
        matches = ".+",
        disabledReason =
                "NO LIBTORCH: the build fetches it for Linux on x86-64 only; backend torch:cpu is not tested here")
class TorchBackendTest extends BackendContract {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long MEGABYTE = 1024;

    @Override
    protected Backend open() {
        return Backends.open(System.getProperty(TestedBackends.PROPERTY, Backends.TORCH_CPU));
    }

    /** Every handle, list and view is native memory that no collector knows of. */
    @Test
    void manyCallsLeaveNoMemoryBehind() throws IOException {
        assumeThat(STATUS).exists();
        Backend backend = open();
        try (FloatVector memory = backend.memory().allocate(4096)) {
            memory.fill(0, memory.size(), 0.5f);
            calls(backend, memory, 300);
            long before = residentKilobytes();
            calls(backend, memory, 1500);
            assertThat(residentKilobytes() - before).isLessThan(24 * MEGABYTE);
        }
    }

    private static void calls(Backend backend, FloatVector memory, int count) {
        HeadShape shape = new HeadShape(2, 4, 2, 3);
        ProbabilityDropout dropout = new ProbabilityDropout(0.3, 5, 2);
        Matrix x = backend.memory().matrix(memory, 0, 8, 18);
        Matrix slopes = backend.memory().matrix(memory, 200, 8, 18);
        Attention attention = attention(backend, shape, memory, 400);
        Attention gradients = attention(backend, shape, memory, 1000);
        for (int i = 0; i < count; i++) {
            backend.attention().attend(attention, new int[] {4, 3}, dropout);
            backend.attention().attendBackward(attention, new int[] {4, 3}, dropout, gradients);
            backend.rows().scatterAddRows(slopes, new int[] {1, 0, 1, 2, 3, 4, 5, 5}, x);
            backend.activations().geluBackward(x, slopes);
            slopes.clear();
        }
    }

    private static Attention attention(Backend backend, HeadShape shape, FloatVector memory, int from) {
        return backend.attention()
                .attention(
                        shape,
                        backend.memory().matrix(memory, from, shape.tokens(), shape.projectionColumns()),
                        backend.memory().matrix(memory, from + 200, shape.scoreRows(), shape.length()),
                        backend.memory().matrix(memory, from + 300, shape.tokens(), shape.contextColumns()));
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
