package io.tessellate.recipe;

import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.Optional;

/**
 * On whose data a mask is calibrated, as {@code maskFrom} says it: nothing for the task's own, {@code TASK} for an earlier task of the same
 * model, {@code MODEL/TASK} for any dataset that was closed, whether or not a model has learnt it; the one that was closed last, unless
 * {@code MODEL/TASK@DIGEST} names it.
 */
public sealed interface MaskSource {
    /** Reads what the field holds, which should keep to its rule. */
    static MaskSource parse(String text) {
        if (text.isEmpty()) {
            return new Own();
        }
        if (!text.contains("/")) {
            return new Earlier(text);
        }
        int at = text.indexOf('@');
        return at < 0
                ? new Dataset(TaskId.parse(text), Optional.empty())
                : new Dataset(TaskId.parse(text.substring(0, at)), Optional.of(new Sha256(text.substring(at + 1))));
    }

    /** Whether it is an earlier task of the same model. */
    default boolean isEarlier() {
        return false;
    }

    /** The dataset that has to be looked for, if it is neither the task's own nor an earlier task's. */
    default Optional<Dataset> dataset() {
        return Optional.empty();
    }

    /** The task's own data. */
    record Own() implements MaskSource {}

    /**
     * An earlier task of the same model.
     *
     * @param task its name
     */
    record Earlier(String task) implements MaskSource {
        @Override
        public boolean isEarlier() {
            return true;
        }
    }

    /**
     * A dataset that was closed.
     *
     * @param task whose it is
     * @param digest of its content; empty: the one that was closed last
     */
    record Dataset(TaskId task, Optional<Sha256> digest) implements MaskSource {
        @Override
        public Optional<Dataset> dataset() {
            return Optional.of(this);
        }

        /** As the field says it of exactly this content. */
        public String at(Sha256 content) {
            return task + "@" + content.hex();
        }
    }
}
