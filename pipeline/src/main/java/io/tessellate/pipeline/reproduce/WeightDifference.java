package io.tessellate.pipeline.reproduce;

import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How two adapters differ, the head counted with the weights.
 *
 * @param places weights that only one of them sets
 * @param values weights that both set, to other bits
 * @param of weights that the first of them sets
 * @param largest difference of two values
 * @param tensor the first tensor, by name, that differs
 */
public record WeightDifference(long places, long values, long of, double largest, String tensor) {
    private static final String HEAD = "head ";

    /** Nothing where they are the same to the last bit. */
    static Optional<WeightDifference> between(Adapter then, Adapter now) {
        Map<String, TensorUpdate> before = updates(then);
        Map<String, TensorUpdate> after = updates(now);
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        Count count = new Count();
        for (String name : names) {
            count.tensor(name, entries(before.get(name)), entries(after.get(name)));
        }
        heads(then, now, count);
        return count.result();
    }

    private static void heads(Adapter then, Adapter now, Count count) {
        TreeSet<String> names = new TreeSet<>();
        then.head().forEach(tensor -> names.add(tensor.name()));
        now.head().forEach(tensor -> names.add(tensor.name()));
        for (String name : names) {
            count.tensor(HEAD + name, entries(then.headTensor(name)), entries(now.headTensor(name)));
        }
    }

    private static Map<String, TensorUpdate> updates(Adapter adapter) {
        Map<String, TensorUpdate> updates = new LinkedHashMap<>();
        adapter.updates().forEach(update -> updates.put(update.name(), update));
        return updates;
    }

    private static Map<Integer, Float> entries(@Nullable TensorUpdate update) {
        Map<Integer, Float> entries = new HashMap<>();
        if (update != null) {
            update.forEach(entries::put);
        }
        return entries;
    }

    private static Map<Integer, Float> entries(Optional<HeadTensor> tensor) {
        Map<Integer, Float> entries = new HashMap<>();
        float[] values = tensor.map(HeadTensor::values).orElse(new float[0]);
        for (int i = 0; i < values.length; i++) {
            entries.put(i, values[i]);
        }
        return entries;
    }

    private static final class Count {
        private long places;
        private long values;
        private long of;
        private double largest;
        private String first = "";

        void tensor(String name, Map<Integer, Float> then, Map<Integer, Float> now) {
            long before = places + values;
            of += then.size();
            then.forEach((place, value) -> compare(value, now.get(place)));
            places += now.keySet().stream()
                    .filter(place -> !then.containsKey(place))
                    .count();
            if (first.isEmpty() && places + values > before) {
                first = name;
            }
        }

        private void compare(float then, @Nullable Float now) {
            if (now == null) {
                places++;
            } else if (Float.floatToRawIntBits(then) != Float.floatToRawIntBits(now)) {
                values++;
                largest = Math.max(largest, Math.abs((double) then - now));
            }
        }

        Optional<WeightDifference> result() {
            return places + values == 0
                    ? Optional.empty()
                    : Optional.of(new WeightDifference(places, values, of, largest, first));
        }
    }
}
