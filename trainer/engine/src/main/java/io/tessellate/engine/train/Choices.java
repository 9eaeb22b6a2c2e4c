package io.tessellate.engine.train;

import io.tessellate.mask.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The masks that a run has chosen, in their order, for a checkpoint to keep. A resumed run asks for the same masks in the
 * same order and gets those again that were chosen before.
 */
final class Choices {
    private final List<Mask> chosen;
    private int next;

    /** Those of a checkpoint, or none. */
    Choices(List<Mask> chosen) {
        this.chosen = new ArrayList<>(chosen);
    }

    /** The next mask: the one that was chosen before, or what the search comes to. */
    Mask next(Supplier<Mask> search) {
        if (next == chosen.size()) {
            chosen.add(search.get());
        }
        return chosen.get(next++);
    }

    /** All so far. */
    List<Mask> all() {
        return List.copyOf(chosen);
    }
}
