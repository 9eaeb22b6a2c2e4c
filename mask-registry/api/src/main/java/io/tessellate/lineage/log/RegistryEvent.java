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
public sealed interface RegistryEvent
        permits RegistryEvent.ModelRegistered,
                RegistryEvent.CommandRejected,
                RegistryEvent.MaskReserved,
                RegistryEvent.ReservationReleased,
                RegistryEvent.AdapterCommitted,
                RegistryEvent.AdapterRejected,
                RegistryEvent.VersionPromoted,
                RegistryEvent.VersionPassed,
                RegistryEvent.VersionQuarantined,
                RegistryEvent.ModelParked,
                RegistryEvent.ModelResumed,
                Intervention {

    /** Lets a visitor handle the variant; a new variant does not compile until every visitor knows it. */
    <R> R accept(RegistryEventVisitor<R> visitor);

    /**
     * A model exists.
     *
     * @param origin where its base came from, for example {@code hf:org/name@commit}; empty if from a directory
     * @param rules how its versions are judged
     */
    record ModelRegistered(
            Sha256 baseDigest,
            List<StoredFile> files,
            ParameterSpace space,
            Ownership ownership,
            double forgettingBudget,
            boolean promoteUnmeasured,
            String origin,
            VerdictRules rules)
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

        /** A model whose versions are judged as by default. */
        public ModelRegistered(
                Sha256 baseDigest,
                List<StoredFile> files,
                ParameterSpace space,
                Ownership ownership,
                double forgettingBudget,
                boolean promoteUnmeasured,
                String origin) {
            this(
                    baseDigest,
                    files,
                    space,
                    ownership,
                    forgettingBudget,
                    promoteUnmeasured,
                    origin,
                    VerdictRules.DEFAULT);
        }

        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
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
        public <R> R accept(RegistryEventVisitor<R> visitor) {
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
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** A reservation is gone without a commit. */
    record ReservationReleased(TaskName task, long token, String reason) implements RegistryEvent {
        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
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
        public <R> R accept(RegistryEventVisitor<R> visitor) {
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
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * The alias champion now names this version.
     *
     * @param reason which rule it kept, or why a person promoted it
     * @param who who promoted it; null if the model's policy did
     * @param forced whether a person promoted one that was not measured, or failed
     */
    record VersionPromoted(
            int version, String reason, @Nullable String who, boolean forced) implements RegistryEvent {
        /** A version that the model's policy promoted. */
        public VersionPromoted(int version, String reason) {
            this(version, reason, null, false);
        }

        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * A version was measured and keeps the model's rules, but does not become champion by itself.
     *
     * @param reason which rule it kept, and why it is not made champion
     */
    record VersionPassed(int version, String reason) implements RegistryEvent {
        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
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
        public <R> R accept(RegistryEventVisitor<R> visitor) {
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
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The model goes on. */
    record ModelResumed(String who, String why) implements RegistryEvent {
        @Override
        public <R> R accept(RegistryEventVisitor<R> visitor) {
            return visitor.visit(this);
        }
    }
}
