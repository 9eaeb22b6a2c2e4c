package io.tessellate.engine.forecast;

import io.tessellate.engine.method.Avoidance;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.mask.LayerName;
import io.tessellate.mask.Mask;
import io.tessellate.method.Trait;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Which weights a training would begin with, found by the code that the training finds them by.
 *
 * @param recipe with all that is settled before a training
 * @param presumed fields that the recipe leaves to a race, at the values it begins from: a training may come to others
 * @param examples of the train split that were looked at, of {@code of}
 * @param of examples of the train split
 * @param steps that calibrating came to, both times together
 * @param targeted weights that the recipe targets
 * @param owned weights that earlier tasks own
 * @param wanted weights it would choose if nothing were owned; those it chooses anyway where a structure fixes them
 * @param chosen weights it would choose; empty where there is too little left
 * @param lacking why there is too little; empty where there is enough
 * @param conflicts with earlier tasks over what it would choose, or else over what it wants
 */
public record MaskForecast(
        Recipe recipe,
        SortedMap<String, Double> presumed,
        int examples,
        int of,
        long steps,
        Mask targeted,
        Mask owned,
        Mask wanted,
        Optional<Mask> chosen,
        String lacking,
        List<EarlierConflict> conflicts) {
    public MaskForecast {
        conflicts = List.copyOf(conflicts);
    }

    /**
     * Whether a training of this dataset on this version begins with exactly {@code chosen}: all examples were looked at, or the mask
     * depends on none, and the race, if there is one, settles nothing that a mask depends on.
     */
    public boolean exact() {
        boolean looks = recipe.methodName().has(Trait.LOOKS_AT_DATA) || recipe.avoid() != Avoidance.NONE;
        return (examples == of || !looks) && presumed.keySet().stream().allMatch("learningRate"::equals);
    }

    /** Layer by layer, in their order. */
    public List<LayerDemand> layers() {
        Mask taken = owned.intersection(targeted);
        Map<LayerName, Long> all = counts(targeted);
        Map<LayerName, Long> held = counts(taken);
        Map<LayerName, Long> asked = counts(wanted);
        Map<LayerName, Long> askedHeld = counts(wanted.intersection(owned));
        Map<LayerName, Long> got = chosen.map(MaskForecast::counts).orElse(Map.of());
        ToLongFunction<Long> none = count -> count == null ? 0 : count;
        return all.keySet().stream()
                .map(layer -> new LayerDemand(
                        layer,
                        none.applyAsLong(all.get(layer)),
                        none.applyAsLong(held.get(layer)),
                        none.applyAsLong(asked.get(layer)),
                        none.applyAsLong(askedHeld.get(layer)),
                        none.applyAsLong(got.get(layer))))
                .toList();
    }

    private static Map<LayerName, Long> counts(Mask mask) {
        Map<LayerName, Long> counts = new TreeMap<>();
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            if (mask.cardinality(t) > 0) {
                counts.merge(LayerName.of(mask.space().tensor(t).name()), (long) mask.cardinality(t), Long::sum);
            }
        }
        return counts;
    }
}
