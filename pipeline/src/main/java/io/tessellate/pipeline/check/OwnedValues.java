package io.tessellate.pipeline.check;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The values that tasks own, as the adapters laid on each other make them: one tensor at a time, so that a model of any size
 * takes the memory of its largest. A value whose owner was taken out of the line before another commit was built is free for that one;
 * that it then has no second owner is looked at with the masks ({@link OneOwner}).
 */
final class OwnedValues {
    private final List<Commit> commits = new ArrayList<>();
    private final List<Adapter> adapters = new ArrayList<>();
    /** [place of the commit] the places, from 1, of those that its parent held. */
    private final List<Set<Integer>> lines = new ArrayList<>();
    /** [place of the commit], by the place of the owner from 1: how many of its values were changed. */
    private final Map<Integer, Map<Integer, Long>> changed = new HashMap<>();

    private final Map<Commit, TessellateException> damaged = new HashMap<>();
    private float[] values = new float[0];
    /** Of each value the place of its owner, from 1; 0 for none. */
    private int[] owners = new int[0];

    /**
     * Adds an adapter on top of the others.
     *
     * @param builtOn the commits that its parent held
     */
    void add(Commit commit, Adapter adapter, List<Commit> builtOn) {
        commits.add(commit);
        adapters.add(adapter);
        Set<Integer> places = new HashSet<>();
        builtOn.forEach(held -> places.add(commits.indexOf(held) + 1));
        lines.add(places);
    }

    /** Lays all of them on each other. */
    void lay() {
        TreeSet<String> names = new TreeSet<>();
        adapters.forEach(adapter -> adapter.updates().forEach(update -> names.add(update.name())));
        names.forEach(this::lay);
    }

    private void lay(String name) {
        owners = new int[0];
        values = new float[0];
        for (int n = 0; n < commits.size(); n++) {
            int place = n + 1;
            Adapter adapter = adapters.get(n);
            try {
                adapter.update(name).ifPresent(update -> lay(update, place));
            } catch (TessellateException e) {
                damaged.putIfAbsent(commits.get(n), e);
            }
        }
    }

    private void lay(TensorUpdate update, int place) {
        if (owners.length == 0) {
            int size = Math.toIntExact(update.shape().elements());
            values = new float[size];
            owners = new int[size];
        }
        if (owners.length != update.shape().elements()) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "tensor '%s' has shape %s, in an earlier adapter %d values"
                            .formatted(update.name(), update.shape(), owners.length));
        }
        Map<Integer, Long> of = changed.computeIfAbsent(place - 1, commit -> new TreeMap<>());
        Set<Integer> line = lines.get(place - 1);
        update.forEach((index, value) -> {
            int owner = line.contains(owners[index]) ? owners[index] : 0;
            if (owner != 0 && Float.floatToRawIntBits(values[index]) != Float.floatToRawIntBits(value)) {
                of.merge(owner, 1L, Long::sum);
            }
            values[index] = value;
            owners[index] = owner == 0 ? place : owner;
        });
    }

    /** Names the owned values that a commit changes. */
    List<Breach> moved(Commit commit) {
        List<Breach> breaches = new ArrayList<>();
        TessellateException unreadable = damaged.get(commit);
        if (unreadable != null) {
            breaches.add(commit.breach("its adapter cannot be read: " + unreadable.getMessage())
                    .path(Commit.path(commit.adapter())));
        }
        changed.getOrDefault(commits.indexOf(commit), Map.of()).forEach((owner, count) -> {
            Commit loser = commits.get(owner - 1);
            breaches.add(commit.breach("changes %d values that %s owns since version %d"
                            .formatted(count, loser.task(), loser.version()))
                    .path(Commit.path(commit.adapter())));
        });
        return breaches;
    }
}
