package io.tessellate.engine.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendSurvey;
import io.tessellate.engine.backend.Backends;
import org.junit.jupiter.api.Test;

class AutoProviderTest {
    @Test
    void whoAgreedToEitherGetsTheHostWithoutAGpuAndIsToldWhy() {
        BackendSurvey gpu = new TorchCudaProvider().survey();
        Backend backend = Backends.open(Backends.AUTO);
        BackendSurvey auto = new AutoProvider().survey();
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
