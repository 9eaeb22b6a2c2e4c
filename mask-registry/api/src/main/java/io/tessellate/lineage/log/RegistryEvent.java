package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.recipe.RaceResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the registry decided: the variants of its log, its only source of truth. */
public sealed interface RegistryEvent {

    /** Lets a visitor handle the variant; a new variant does not compile until every visitor knows it. */
    <R> R accept(Visitor<R> visitor);

    /**
     * A model exists.
     *
     * @param origin where its base came from, for example {@code hf:org/name@commit}; empty if from a directory
     */
    record ModelRegistered(
            Sha256 baseDigest,
            List<StoredFile> files,
            ParameterSpace space,
            Ownership ownership,
            double forgettingBudget,
            boolean promoteUnmeasured,
            String origin)
            implements RegistryEvent {
        public ModelRegistered {
            files = List.copyOf(files);
        }

        /** A model of which a version is promoted only when all of its tasks were measured. */
        public ModelRegistered(
                Sha256 baseDigest,
                List<StoredFile> files,
                ParameterSpace space,
                Ownership ownership,
                double forgettingBudget) {
            this(baseDigest, files, space, ownership, forgettingBudget, false, "");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** A command changed nothing. */
    record CommandRejected(
            ErrorCode code,
            String message,
            @Nullable TaskName task,
            @Nullable RunId run) implements RegistryEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** A task may commit an adapter under this token. */
    record MaskReserved(
            TaskName task,
            RunId run,
            long token,
            int parentVersion,
            long budget,
            String method,
            @Nullable ExpanderClass lift)
            implements RegistryEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** A reservation is gone without a commit. */
    record ReservationReleased(TaskName task, long token, String reason) implements RegistryEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * A new version exists: the parent with this adapter on top.
     *
     * @param holds the versions whose adapters it holds, itself last; empty where that goes without saying, as in logs that know no
     *     other case: what the parent held, and itself
     */
    record AdapterCommitted(
            TaskName task,
            RunId run,
            long token,
            int version,
            StoredFile adapter,
            String method,
            long owned,
            long overlap,
            String recipe,
            Sha256 datasetDigest,
            List<CertifiedTask> certificate,
            List<TensorSpectrum> spectra,
            List<LostTask> leftOut,
            Optional<RaceResult> race,
            List<Integer> holds)
            implements RegistryEvent {
        public AdapterCommitted {
            certificate = List.copyOf(certificate);
            spectra = List.copyOf(spectra);
            leftOut = List.copyOf(leftOut);
            holds = List.copyOf(holds);
        }

        /** A version whose mask is no expander, whose recipe left nothing to a race, and whose run could look back at every earlier task. */
        public AdapterCommitted(
                TaskName task,
                RunId run,
                long token,
                int version,
                StoredFile adapter,
                String method,
                long owned,
                long overlap,
                String recipe,
                Sha256 datasetDigest,
                List<CertifiedTask> certificate) {
            this(
                    task,
                    run,
                    token,
                    version,
                    adapter,
                    method,
                    owned,
                    overlap,
                    recipe,
                    datasetDigest,
                    certificate,
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
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
            implements RegistryEvent {
        public VersionComposed {
            holds = List.copyOf(holds);
            certificate = List.copyOf(certificate);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * The next version builds on this one. What the former parent held beyond it is out of the line: its weights are the base's again
     * and free.
     *
     * @param version a version that exists; 0 is the base
     */
    record ParentChanged(int version, Cause cause, String who, String why) implements RegistryEvent {
        /** Why the line goes on from elsewhere. */
        public enum Cause {
            /** A version failed its verdict, and the model's policy keeps its adapter out. */
            QUARANTINE,
            /** A person went back. */
            ROLLBACK
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** An adapter that was not committed; no weight changed hands. */
    record AdapterRejected(TaskName task, RunId run, long token, ErrorCode code, String message)
            implements RegistryEvent {
        private static final Set<ErrorCode> LOST_RACES =
                Set.of(ErrorCode.FENCED, ErrorCode.OVERLAP, ErrorCode.STALE_PARENT);

        /** Whether another run was faster: this one is trained again, or a training event says that it has ended. */
        public boolean lostRace() {
            return LOST_RACES.contains(code);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The alias champion now names this version. */
    record VersionPromoted(int version, String reason) implements RegistryEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * A version that must not become champion.
     *
     * @param task earlier task that dropped most, or a task that could not be measured
     * @param code FORGETTING, or why the task could not be measured
     * @param reason in words, where it is not a drop
     */
    record VersionQuarantined(
            int version,
            TaskName task,
            double drop,
            double budget,
            ErrorCode code,
            @Nullable String reason) implements RegistryEvent {
        /** A version in which an earlier task dropped by more than the budget. */
        public VersionQuarantined(int version, TaskName task, double drop, double budget) {
            this(version, task, drop, budget, ErrorCode.FORGETTING, null);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * The model waits for a person; the others go on.
     *
     * @param code row of the error table
     * @param reason what is wrong and what to do
     * @param task task whose stored file is concerned; null if it is the base's
     * @param version version whose stored file is concerned; null if it is the base's
     * @param path where that file lies
     */
    record ModelParked(
            ErrorCode code,
            String reason,
            @Nullable TaskName task,
            @Nullable Integer version,
            @Nullable String path) implements RegistryEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The model goes on. */
    record ModelResumed(String who, String why) implements RegistryEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** One method per variant. */
    interface Visitor<R> {
        /** A model exists. */
        R visit(ModelRegistered event);

        /** A command changed nothing. */
        R visit(CommandRejected event);

        /** A task may commit. */
        R visit(MaskReserved event);

        /** A reservation is gone. */
        R visit(ReservationReleased event);

        /** A version exists. */
        R visit(AdapterCommitted event);

        /** A version exists that was not trained. */
        R visit(VersionComposed event);

        /** The line goes on from another version. */
        R visit(ParentChanged event);

        /** An adapter was refused. */
        R visit(AdapterRejected event);

        /** The champion changed. */
        R visit(VersionPromoted event);

        /** A version was set aside. */
        R visit(VersionQuarantined event);

        /** The model waits. */
        R visit(ModelParked event);

        /** It goes on. */
        R visit(ModelResumed event);
    }
}
