package io.tessellate.lineage.log;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;

/** What a person decided about a model: it stands in the log with who and why. */
public sealed interface Intervention extends RegistryEvent {
    /** Who asked: a user's name, or which token. */
    String who();

    /** Why, in the words of who asked. */
    String why();

    /** Both, as they are shown behind what was done: {@code by ada: it answered slowly}. */
    default String by() {
        return new Author(who(), why()).text();
    }

    /**
     * An earlier version is champion again.
     *
     * @param version the champion from now on
     * @param from the champion until then
     * @param forced whether it is one that was not measured, or failed
     */
    record VersionRolledBack(int version, int from, boolean forced, String who, String why) implements Intervention {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** A run was ended before it was committed: it never will be, and what it had reserved is free. */
    record TaskCancelled(TaskName task, RunId run, String who, String why) implements Intervention {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }
}
