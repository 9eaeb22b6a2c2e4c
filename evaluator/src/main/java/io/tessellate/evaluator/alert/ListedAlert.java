package io.tessellate.evaluator.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert with what became of it.
 *
 * @param acknowledged who looks after it; null while nobody does
 * @param silenced what keeps it from being sent now; null if nothing does
 * @param deliveries how its sending ended, endpoint by endpoint; those still at it are missing
 */
public record ListedAlert(
        RaisedAlert alert,
        @Nullable Acknowledgement acknowledged,
        @Nullable Silence silenced,
        List<Delivery> deliveries) {
    /** The state of one that nobody looks after and nothing silences. */
    public static final String OPEN = "open";

    /** Copies the list. */
    public ListedAlert {
        deliveries = List.copyOf(deliveries);
    }

    /** Where it stands, in a word. */
    public String state() {
        return acknowledged != null ? "acknowledged" : silenced != null ? "silenced" : OPEN;
    }
}
