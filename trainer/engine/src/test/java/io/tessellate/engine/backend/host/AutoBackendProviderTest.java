package io.tessellate.engine.backend.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendSurvey;
import io.tessellate.engine.backend.Backends;
import org.junit.jupiter.api.Test;

class AutoBackendProviderTest {
    @Test
    void whoAgreedToEitherGetsTheHostWithoutAGpuAndIsToldWhy() {
        BackendSurvey gpu = Backends.survey().stream()
                .filter(survey -> survey.name().equals(Backends.TORCH_CUDA))
                .findFirst()
                .orElseThrow();
        Backend backend = Backends.open(Backends.AUTO);
        BackendSurvey auto = new AutoBackendProvider().survey();
        assertThat(backend.name()).isEqualTo(gpu.usable() ? Backends.TORCH_CUDA : Backends.HOST);
        assertThat(auto.usable()).isTrue();
        assertThat(auto.note()).startsWith(backend.name()).contains(gpu.note());
    }

    @Test
    void everyBackendIsSurveyedByName() {
        assertThat(Backends.survey())
                .extracting(BackendSurvey::name)
                .containsExactly("auto", "host", "nd4j", "nd4j-or-cpu", "torch:cpu", "torch:cuda");
    }
}
