package io.tessellate.lineage.log;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was decided about a model beside trainings and measurements, by a person or by its policy: it stands in the log with who and why. */
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
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** A run was ended before it was committed: it never will be, and what it had reserved is free. */
    record TaskCancelled(TaskName task, RunId run, String who, String why) implements Intervention {
        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * A new version exists that no training made: exactly these adapters, which were committed before. The next version builds on it.
     *
     * @param holds the versions whose adapters it holds, in the order in which they are applied
     * @param without the task whose adapter was taken out, if that is what it was made for
     * @param certificate one entry for every task it holds; empty under shared ownership
     */
    record VersionComposed(
            int version,
            List<Integer> holds,
            @Nullable TaskName without,
            List<CertifiedTask> certificate,
            String who,
            String why)
            implements Intervention {
        public VersionComposed {
            holds = List.copyOf(holds);
            certificate = List.copyOf(certificate);
        }

        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * The next version builds on this one. What the former parent held beyond it is out of the line: its weights are the base's again
     * and free.
     *
     * @param version a version that exists; 0 is the base
     */
    record ParentChanged(int version, Cause cause, String who, String why) implements Intervention {
        /** Why the line goes on from elsewhere. */
        public enum Cause {
            /** A version failed its verdict, and the model's policy keeps its adapter out. */
            QUARANTINE,
            /** A person took out the only task there was. */
            DROP
        }

        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }
}
