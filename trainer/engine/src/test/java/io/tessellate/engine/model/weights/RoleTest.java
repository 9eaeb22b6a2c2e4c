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

    /** Query heads of eight rows, then one key and one value. */
    @Test
    void inAFusedMatrixOfLinearLayersTheyAreRows() {
        assertThat(rowsOf(SmallFamilies.PHI3, "model.layers.0.self_attn.qkv_proj.weight"))
                .containsExactly(IntStream.range(0, 32)
                        .filter(row -> row < 16 || row >= 24)
                        .toArray());
    }

    /** Query, key and value of ten rows each, for each of two heads. */
    @Test
    void whereHeadsLieOneBehindTheOtherTheyAreRowsOfEach() {
        assertThat(rowsOf(SmallFamilies.GPT_NEOX, "gpt_neox.layers.1.attention.query_key_value.weight"))
                .containsExactly(IntStream.range(0, 60)
                        .filter(row -> row % 30 < 10 || row % 30 >= 20)
                        .toArray());
    }

    /** The rows that make queries and values, each of which is whole. */
    private static int[] rowsOf(SmallFamilies family, String tensor) {
        int[] indices = family.layout().weights(TargetGroup.QV::contains).indices(tensor);
        int[] rows = IntStream.of(indices).map(index -> index / 20).distinct().toArray();
        assertThat(indices).hasSize(20 * rows.length);
        return rows;
    }
}
