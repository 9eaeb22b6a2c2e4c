package io.tessellate.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenBlasCoreTest {
    private static final String AVX512 = "fpu sse2 avx2 avx512f avx512cd avx512bw avx512dq avx512vl avx512_bf16";

    @TempDir
    private Path directory;

    private Path processor(String vendor, String flags) throws IOException {
        return Files.writeString(
                directory.resolve("cpuinfo"),
                "processor\t: 0\nvendor_id\t: %s\nflags\t\t: %s\n\nprocessor\t: 1\n".formatted(vendor, flags));
    }

    @Test
    void aProcessorOfAmdWithAvx512GetsKernelsForIt() throws IOException {
        assertThat(OpenBlasCore.of(processor("AuthenticAMD", AVX512), Map.of())).contains("SkylakeX");
    }

    @Test
    void anyOtherIsLeftToOpenBlas() throws IOException {
        assertThat(OpenBlasCore.of(processor("GenuineIntel", AVX512), Map.of())).isEmpty();
        assertThat(OpenBlasCore.of(processor("AuthenticAMD", "fpu sse2 avx2"), Map.of()))
                .isEmpty();
        assertThat(OpenBlasCore.of(processor("AuthenticAMD", "fpu avx2 avx512f"), Map.of()))
                .isEmpty();
        assertThat(OpenBlasCore.of(directory.resolve("none"), Map.of())).isEmpty();
    }

    @Test
    void whatTheEnvironmentSaysCounts() throws IOException {
        Path processor = processor("AuthenticAMD", AVX512);
        assertThat(OpenBlasCore.of(processor, Map.of("OPENBLAS_CORETYPE", "Haswell")))
                .contains("Haswell");
        assertThat(OpenBlasCore.of(processor, Map.of("DNNL_MAX_CPU_ISA", "AVX2")))
                .isEmpty();
    }

    @Test
    void theKernelsAreAmongTheFactsThatTellMachinesApart() {
        Map<String, String> facts = Nd4jRuntime.environment();
        assertThat(facts.get("openblas")).isEqualTo(OpenBlasCore.ofProcess().orElse(null));
    }
}
