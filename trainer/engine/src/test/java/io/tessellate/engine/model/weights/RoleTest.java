package io.tessellate.engine.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.method.TargetGroup;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.mask.Mask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoleTest {
    @ParameterizedTest
    @EnumSource
    void groupsHaveTheWeightsThatTheConfigurationSays(SmallFamilies family) {
        ModelConfig config = family.config();
        ParameterLayout layout = family.layout();
        int queries = config.contextColumns();
        int keys = config.architecture().attention().keyValueHeads() * config.headWidth();
        long perColumn = (long) config.layers() * config.hidden();

        assertThat(size(layout, TargetGroup.QKV)).isEqualTo(perColumn * (queries + 2L * keys));
        assertThat(size(layout, TargetGroup.QV)).isEqualTo(perColumn * (queries + keys));
        assertThat(size(layout, TargetGroup.ATTENTION)).isEqualTo(perColumn * (2L * queries + 2L * keys));
        assertThat(size(layout, TargetGroup.MLP))
                .isEqualTo(perColumn * (config.innerColumns() + config.intermediate()));
        assertThat(layout.weights(TargetGroup.ATTENTION::contains).complement())
                .isEqualTo(layout.weights(TargetGroup.MLP::contains));
        assertThat(layout.weights(TargetGroup.ALL::contains)).isEqualTo(Mask.all(layout.eligible()));
    }

    private static long size(ParameterLayout layout, TargetGroup group) {
        return layout.weights(group::contains).cardinality();
    }

    @Test
    void inAFusedMatrixTheyAreColumns() {
        ParameterLayout layout = SmallFamilies.GPT2.layout();
        Mask queriesAndValues = layout.weights(TargetGroup.QV::contains);
        int[] firstRow = IntStream.of(queriesAndValues.indices("transformer.h.0.attn.c_attn.weight"))
                .filter(index -> index < 60)
                .toArray();
        assertThat(firstRow)
                .containsExactly(IntStream.range(0, 60)
                        .filter(column -> column < 20 || column >= 40)
                        .toArray());
    }
}
