package io.tessellate.engine.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backends;
import io.tessellate.error.TessellateException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchDeviceTest {
    @ParameterizedTest
    @ValueSource(strings = {"torch:cuda:", "torch:cuda:x", "torch:cuda:-1", "torch:cuda:1:2"})
    void aDeviceThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> Backends.open(name))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("torch:cuda:N");
    }

    @ParameterizedTest
    @CsvSource({"torch:cpu,cpu,0", "torch:cuda,cuda,0", "torch:cuda:2,cuda,2"})
    void aDeviceIsPartOfTheName(String name, String kind, int index) {
        assertThat(TorchDevice.parse(name))
                .isEqualTo(new TorchDevice(kind, index))
                .hasToString(name);
    }
}
