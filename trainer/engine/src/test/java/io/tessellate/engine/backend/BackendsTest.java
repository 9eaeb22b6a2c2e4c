package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import org.junit.jupiter.api.Test;

class BackendsTest {
    @Test
    void anUnknownBackendIsRefusedAndTheKnownOnesNamed() {
        assertThatThrownBy(() -> Backends.open("tpu"))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("'tpu'")
                .hasMessageContaining("[host, nd4j, nd4j-or-cpu");
    }
}
