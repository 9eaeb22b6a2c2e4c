package io.tessellate.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.error.TessellateException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CudaBuildTest {
    private static CudaBuild with(String... lines) {
        return new CudaBuild(true, () -> Gpus.parse(List.of(lines)));
    }

    @ParameterizedTest
    @CsvSource({
        "3.0,false",
        "3.5,false",
        "3.7,true",
        "5.0,true",
        "6.1,true",
        "7.5,true",
        "8.0,true",
        "8.6,true",
        "8.9,true",
        "9.0,false",
        "10.0,false",
        "12.0,false"
    })
    void computeCapabilitiesFrom37To89AreSupported(String capability, boolean supported) {
        assertThat(ComputeCapability.parse(capability).supported()).isEqualTo(supported);
        assertThat(ComputeCapability.parse(capability)).hasToString(capability);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "8.", ".6", "8.6.1", "eight", "-8.6", "[N/A]"})
    void whatIsNoComputeCapabilityIsRefused(String text) {
        assertThatThrownBy(() -> ComputeCapability.parse(text)).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void aNewerGpuIsRefusedNamingItAndTheCpu() {
        assertThatThrownBy(() -> with("NVIDIA H100 80GB HBM3, 9.0").requireGpu("nd4j"))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("NVIDIA H100 80GB HBM3 (compute capability 9.0)")
                .hasMessageContaining("3.7 to 8.9")
                .hasMessageContaining("use the CPU: backend 'host'");
    }

    @Test
    void oneSupportedGpuIsEnough() {
        assertThatCode(() -> with("NVIDIA H100, 9.0", "NVIDIA A10, 8.6").requireGpu("nd4j"))
                .doesNotThrowAnyException();
        assertThat(Gpus.parse(List.of("NVIDIA A10, 8.6", "")).describe())
                .isEqualTo("NVIDIA A10 (compute capability 8.6)");
    }

    @Test
    void aMachineWithoutDriverIsToldSo() {
        Gpus gpus = NvidiaSmi.survey(List.of("no-such-program-anywhere"));
        assertThat(gpus.problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains("no NVIDIA GPU (no driver: no-such-program-anywhere is not there)"));
    }

    @Test
    void aDriverThatDoesNotAnswerIsQuoted() {
        assertThat(Gpus.parse(List.of("No devices were found")).describe())
                .isEqualTo("no NVIDIA GPU (the driver answers: No devices were found)");
        assertThat(NvidiaSmi.survey(List.of("false")).describe()).isEqualTo("no NVIDIA GPU (false: )");
        assertThat(Gpus.parse(List.of()).describe()).isEqualTo("no NVIDIA GPU (the driver names no GPU)");
    }

    @Test
    void aBuildWithoutCudaAsksForNoGpu() {
        CudaBuild build = new CudaBuild(false, () -> Gpus.none("nobody looks"));
        assertThat(build.problem()).isEmpty();
    }

    @Test
    void whoAgreedToTheCpuGetsItWithoutAGpu() {
        if (CudaBuild.ofClassPath().present()
                && CudaBuild.ofClassPath().problem().isEmpty()) {
            return;
        }
        Backend backend = Backends.open(Backends.ND4J_OR_CPU);
        assertThat(backend.name()).isEqualTo(Backends.HOST);
    }
}
