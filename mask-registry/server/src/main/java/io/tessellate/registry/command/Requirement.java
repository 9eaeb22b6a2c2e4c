package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.List;
import java.util.Optional;

/** What must still hold for an adapter to be committed. Each requirement checks itself and says what it found. */
sealed interface Requirement {
    /** The refusal if it does not hold. */
    Optional<Refusal> check(ProposedCommit proposed);

    private static Optional<Refusal> refuse(ErrorCode code, String message, Object... values) {
        return Optional.of(new Refusal(code, message.formatted(values)));
    }

    /** The adapter says of itself what the training event says of it. */
    record SameOrigin(TaskId task, RunId run, String method) implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            AdapterMetadata actual = proposed.adapter().metadata();
            if (!actual.task().equals(task) || !actual.run().equals(run)) {
                return refuse(
                        ErrorCode.MALFORMED_FILE,
                        "the adapter says it is of task %s, run %s; it was published for task %s, run %s",
                        actual.task(),
                        actual.run(),
                        task,
                        run);
            }
            if (!method.equals(proposed.reservation().method())
                    || !actual.method().equals(method)) {
                return refuse(
                        ErrorCode.INVALID_RECIPE,
                        "the adapter was made by method %s and published as %s; reserved was %s",
                        actual.method(),
                        method,
                        proposed.reservation().method());
            }
            return Optional.empty();
        }
    }

    /** It was trained on the model's base. */
    record BaseEqual(Sha256 base) implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            Sha256 expected = proposed.line().baseDigest();
            Sha256 actual = proposed.adapter().metadata().baseDigest();
            return base.equals(expected) && actual.equals(expected)
                    ? Optional.empty()
                    : refuse(
                            ErrorCode.DIGEST_MISMATCH,
                            "the adapter was trained on base %s and published for %s; the model's base is %s",
                            actual,
                            base,
                            expected);
        }
    }

    /** It was trained on the version it names. */
    record ParentKnown(int version) implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            int current = proposed.line().currentVersion();
            if (version < 0 || version > current) {
                return refuse(
                        ErrorCode.UNKNOWN_VERSION,
                        "the adapter names version %d as its parent; the model is at version %d",
                        version,
                        current);
            }
            return proposed.line()
                            .versionDigest(version)
                            .equals(proposed.adapter().metadata().parent())
                    ? Optional.empty()
                    : refuse(
                            ErrorCode.DIGEST_MISMATCH,
                            "the adapter was trained on weights %s; version %d is %s",
                            proposed.adapter().metadata().parent(),
                            version,
                            proposed.line().versionDigest(version));
        }
    }

    /** Everything that its parent holds is still in the line: what it learnt on top of something that was taken out, it learns again. */
    record ParentHeld(int version) implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            Holding trainedOn = proposed.line().holding(version);
            Holding now = proposed.line().holding();
            List<TaskName> gone = trainedOn.commits().stream()
                    .filter(commit -> !now.commits().contains(commit))
                    .map(commit -> commit.task().task())
                    .toList();
            return gone.isEmpty()
                    ? Optional.empty()
                    : refuse(
                            ErrorCode.STALE_PARENT,
                            "the adapter was trained on version %d, of which the adapters of %s were taken out since",
                            version,
                            gone);
        }
    }

    /** Nothing was committed since it was trained; needed where tasks may overwrite each other. */
    record ParentCurrent(int version) implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            int current = proposed.line().parent();
            return version == current
                    ? Optional.empty()
                    : refuse(
                            ErrorCode.STALE_PARENT,
                            "the adapter was trained on version %d; with shared ownership it must be the newest, %d",
                            version,
                            current);
        }
    }

    /** It changes only weights that tasks may own. */
    record OnlyEligible() implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            for (TensorUpdate update : proposed.adapter().updates()) {
                if (!proposed.line().space().contains(update.name())) {
                    return refuse(
                            ErrorCode.TENSOR_MISMATCH,
                            "the adapter changes tensor '%s', which no task may own",
                            update.name());
                }
            }
            return Optional.empty();
        }
    }

    /** It owns what it says, and no more than was reserved. */
    record WithinBudget(long claimed) implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            long owned = proposed.mask().cardinality();
            long budget = proposed.reservation().budget();
            if (owned > budget) {
                return refuse(
                        ErrorCode.BUDGET_EXCEEDED, "the adapter owns %d weights; reserved were %d", owned, budget);
            }
            return owned == claimed
                    ? Optional.empty()
                    : refuse(
                            ErrorCode.MALFORMED_FILE,
                            "the adapter owns %d weights; it was published with %d",
                            owned,
                            claimed);
        }
    }

    /**
     * An expander mask lies within the class that was reserved: its classes are disjoint, so parts of them are too. What it
     * leaves out was not targeted or matters to earlier tasks.
     */
    record ReservedClass() implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            if (proposed.reservation().lift() == null) {
                return Optional.empty();
            }
            long outside = proposed.mask().minus(proposed.reservedMask()).cardinality();
            return outside == 0
                    ? new OnlyEligible().check(proposed)
                    : refuse(
                            ErrorCode.OVERLAP,
                            "%d of the adapter's %d weights lie outside class %d of %d, which was reserved",
                            outside,
                            proposed.mask().cardinality(),
                            proposed.reservation().lift().index(),
                            proposed.reservation().lift().lift());
        }
    }

    /** No weight of it is owned already. */
    record Disjoint() implements Requirement {
        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            long shared = proposed.mask().intersectionSize(proposed.owned());
            return shared == 0
                    ? Optional.empty()
                    : refuse(
                            ErrorCode.OVERLAP,
                            "%d of the adapter's %d weights are owned by earlier tasks",
                            shared,
                            proposed.mask().cardinality());
        }
    }

    /** Every earlier task's weights are, byte for byte, what they were when it was committed. */
    record BytesUnchanged(List<CertifiedTask> certificate) implements Requirement {
        public BytesUnchanged {
            certificate = List.copyOf(certificate);
        }

        @Override
        public Optional<Refusal> check(ProposedCommit proposed) {
            for (CommittedVersion commit : proposed.line().holding().commits()) {
                TaskName task = commit.task().task();
                CertifiedTask then = commit.certified(task).orElseThrow();
                CertifiedTask now = certificate.stream()
                        .filter(entry -> entry.task().equals(task))
                        .findFirst()
                        .orElseThrow();
                if (!now.equals(then)) {
                    return refuse(
                            ErrorCode.FROZEN_WEIGHT_CHANGED,
                            "weights of task %s have SHA-256 %s with the adapter; committed was %s",
                            then.task(),
                            now.sha256(),
                            then.sha256());
                }
            }
            return Optional.empty();
        }
    }
}
