package io.tessellate.engine.train.checkpoint;

import io.tessellate.mask.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The masks that a run has chosen, in their order, for a checkpoint to keep. A resumed run asks for the same masks in the
 * same order and gets those again that were chosen before.
 */
public final class ChosenMasks {
    private final List<Mask> chosen;
    private int next;

    /** Those of a checkpoint, or none. */
    public ChosenMasks(List<Mask> chosen) {
        this.chosen = new ArrayList<>(chosen);
    }

    /** The next mask: the one that was chosen before, or what the search comes to. */
    public Mask next(Supplier<Mask> search) {
        if (next == chosen.size()) {
            chosen.add(search.get());
        }
        return chosen.get(next++);
    }

    /** All so far. */
    public List<Mask> all() {
        return List.copyOf(chosen);
    }
}
