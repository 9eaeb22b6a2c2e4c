package io.tessellate.pipeline.check;

import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The values that tasks own, as the adapters laid on each other so far make them. */
final class OwnedValues implements WeightSource {
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final List<Commit> commits = new ArrayList<>();

    /** A tensor's values, and for each the number of its owner in the order of commits; 0 for none. */
    private record Tensor(float[] values, int[] owners) {}

    /** Lays an adapter on top; names the owned values that this changes. */
    List<Breach> moved(Adapter adapter, Commit commit) {
        commits.add(commit);
        Map<Integer, Long> changed = new TreeMap<>();
        adapter.updates().forEach(update -> lay(update, changed));
        List<Breach> breaches = new ArrayList<>();
        changed.forEach((owner, count) -> {
            Commit loser = commits.get(owner - 1);
            breaches.add(commit.breach("changes %d values that %s owns since version %d"
                            .formatted(count, loser.task(), loser.version()))
                    .path(Commit.path(commit.adapter())));
        });
        return breaches;
    }

    private void lay(TensorUpdate update, Map<Integer, Long> changed) {
        int size = Math.toIntExact(update.shape().elements());
        Tensor tensor = tensors.computeIfAbsent(update.name(), name -> new Tensor(new float[size], new int[size]));
        update.forEach((index, value) -> {
            int owner = tensor.owners()[index];
            if (owner != 0 && Float.floatToRawIntBits(tensor.values()[index]) != Float.floatToRawIntBits(value)) {
                changed.merge(owner, 1L, Long::sum);
            }
            tensor.values()[index] = value;
            tensor.owners()[index] = owner == 0 ? commits.size() : owner;
        });
    }

    @Override
    public float[] read(String name, int[] indices) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no adapter so far touches tensor '%s'".formatted(name));
        }
        float[] values = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            values[i] = tensor.values()[indices[i]];
        }
        return values;
    }
}
