package io.tessellate.engine.version;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.Factors;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.safetensors.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Turns trained weights into an adapter: absolute values of exactly the planned entries. */
public final class AdapterBuilder {
    static final String WEIGHT = "weight";
    static final String BIAS = "bias";

    private AdapterBuilder() {}

    public static Adapter build(
            AdapterMetadata metadata, MaskPlan plan, Weights weights, Head head, List<Factors> factors) {
        return new Adapter(metadata, updates(plan, weights), head(head), factors);
    }

    private static List<TensorUpdate> updates(MaskPlan plan, Weights weights) {
        if (plan instanceof MaskPlan.Entries entries) {
            Mask mask = entries.mask();
            return IntStream.range(0, mask.space().tensorCount())
                    .filter(t -> mask.cardinality(t) > 0)
                    .mapToObj(t -> update(entries, t, weights))
                    .toList();
        }
        return weights.layout().tensors().stream()
                .filter(tensor -> isWhole(plan, tensor))
                .map(tensor -> TensorUpdate.all(tensor.name(), tensor.shape(), weights.get(tensor.name())))
                .toList();
    }

    private static boolean isWhole(MaskPlan plan, ParameterTensor tensor) {
        if (plan instanceof MaskPlan.LowRank lowRank) {
            Mask matrices = lowRank.matrices();
            return tensor.eligible() && matrices.cardinality(matrices.space().ordinal(tensor.name())) > 0;
        }
        return true;
    }

    private static TensorUpdate update(MaskPlan.Entries plan, int t, Weights weights) {
        EligibleTensor tensor = plan.mask().space().tensor(t);
        int[] indices = plan.mask().indices(t);
        float[] values = weights.get(tensor.name(), indices);
        return plan.lifted()
                .filter(lifted -> lifted.lift().tensor(t).cells(lifted.index()) == indices.length)
                .map(lifted -> TensorUpdate.seeded(lifted.lift().tensor(t), lifted.index(), values))
                .orElseGet(() -> TensorUpdate.of(plan.mask(), t, values));
    }

    private static List<HeadTensor> head(Head head) {
        if (head.labels() == 0) {
            return List.of();
        }
        return List.of(
                new HeadTensor(WEIGHT, Shape.of(head.labels(), head.features()), head.weight()),
                new HeadTensor(BIAS, Shape.of(head.labels()), head.bias()));
    }
}
