package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import io.tessellate.mask.ParameterSpace.Location;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterSpaceTest {
    private final ParameterSpace space = Spaces.small();

    @Test
    void positionsRunThroughTheTensorsInOrder() {
        assertThat(space.size()).isEqualTo(63 + 64 + 65 + 1 + 1024);
        assertThat(space.locate(0)).isEqualTo(new Location(0, 0));
        assertThat(space.locate(62)).isEqualTo(new Location(0, 62));
        assertThat(space.locate(63)).isEqualTo(new Location(1, 0));
        assertThat(space.locate(192)).isEqualTo(new Location(3, 0));
        assertThat(space.locate(193)).isEqualTo(new Location(4, 0));
        assertThat(space.locate(1216)).isEqualTo(new Location(4, 1023));
        for (long position = 0; position < space.size(); position++) {
            Location weight = space.locate(position);
            assertThat(space.offset(weight.tensor()) + weight.index()).isEqualTo(position);
        }
    }

    @Test
    void positionsOutsideAreRefused() {
        assertThatThrownBy(() -> space.locate(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> space.locate(1217)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void tensorsAreFoundByName() {
        assertThat(space.ordinal("c")).isEqualTo(2);
        assertThat(space.contains("f")).isFalse();
        assertThatThrownBy(() -> space.ordinal("f"))
                .isInstanceOf(TessellateException.class)
                .hasMessage("tensor 'f' is not among the model's eligible tensors");
    }

    @Test
    void aTensorIsListedOnce() {
        EligibleTensor tensor = new EligibleTensor("w", 2, 2);
        assertThatThrownBy(() -> new ParameterSpace(List.of(tensor, tensor)))
                .hasMessageContaining("'w' is listed twice");
    }

    @Test
    void tensorsThatCannotBeIndexedAreRefused() {
        assertThatThrownBy(() -> new EligibleTensor("w", 1 << 16, 1 << 16)).hasMessageContaining("65536 x 65536");
        assertThatThrownBy(() -> new EligibleTensor("w", 0, 4)).hasMessageContaining("0 x 4");
        assertThatThrownBy(() -> new EligibleTensor("", 4, 4)).hasMessageContaining("must have a name");
    }

    @Test
    void aModelOfBillionsOfWeightsIsAddressable() {
        ParameterSpace large = Spaces.of(40_000, 40_000, 40_000, 40_000);
        assertThat(large.size()).isEqualTo(3_200_000_000L);
        assertThat(large.locate(3_199_999_999L)).isEqualTo(new Location(1, 1_599_999_999));
    }
}
