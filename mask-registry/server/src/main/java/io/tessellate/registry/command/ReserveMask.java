package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.MaskTerms;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.method.MethodName;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the right to commit an adapter. The same run asking again takes its reservation over with a newer token.
 *
 * @param sharedMask expander masks: whether tensors of one shape have one mask
 * @param parallelFrom the version that tasks trained beside each other train on; empty: trained by itself, on the newest
 */
record ReserveMask(
        TaskName task,
        RunId run,
        MethodName method,
        double density,
        Exhaustion exhaustion,
        boolean sharedMask,
        OptionalInt parallelFrom)
        implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        if (state.line().isEmpty()) {
            return refused(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()));
        }
        ModelLine line = state.line().get();
        Optional<CommittedVersion> committed = line.versionOf(task);
        if (committed.isPresent()) {
            return refused(
                    ErrorCode.TASK_CLOSED,
                    "task %s was committed as version %d by run %s"
                            .formatted(
                                    task,
                                    committed.get().number(),
                                    committed.get().run()));
        }
        Optional<String> fault = parallelFrom.isEmpty() ? Optional.empty() : faultOfParent(line);
        if (fault.isPresent()) {
            return refused(ErrorCode.INVALID_RECIPE, fault.get());
        }
        ledger.requireSound(line);
        return grant(line, ledger);
    }

    private Optional<String> faultOfParent(ModelLine line) {
        int parent = parallelFrom.getAsInt();
        return parent < 0 || parent > line.currentVersion()
                ? Optional.of("task %s asks to be trained on version %d; the model is at version %d"
                        .formatted(task, parent, line.currentVersion()))
                : Optional.empty();
    }

    private Decision grant(ModelLine line, OwnershipLedger ledger) {
        long wanted = new MaskTerms(line.space(), line.ownership())
                .weights(new MaskRequest(method.text(), density, exhaustion, sharedMask, parallelFrom));
        return switch (method.claim()) {
            case EVERYTHING -> reserved(line, wanted, null);
            case SHARE -> grantShare(line, wanted);
            case REGULAR -> grantRegular(line, wanted);
            case CLASS -> grantClass(line, ledger);
        };
    }

    private Decision grantShare(ModelLine line, long wanted) {
        if (line.ownership() == Ownership.SHARED) {
            return reserved(line, wanted, null);
        }
        long free = line.free();
        if (free < wanted && (exhaustion == Exhaustion.REJECT || free == 0)) {
            return tooFewFree(line, wanted);
        }
        return reserved(line, Math.min(wanted, free), null);
    }

    /** Less than its degrees ask for would not be regular, so nothing is shrunk. */
    private Decision grantRegular(ModelLine line, long wanted) {
        return line.ownership() == Ownership.EXCLUSIVE && line.free() < wanted
                ? tooFewFree(line, wanted)
                : reserved(line, wanted, null);
    }

    private Decision tooFewFree(ModelLine line, long wanted) {
        return refused(
                ErrorCode.CAPACITY,
                "task %s asks for %d of %d weights but only %d are free"
                        .formatted(task, wanted, line.space().size(), line.free()));
    }

    private Decision grantClass(ModelLine line, OwnershipLedger ledger) {
        ClassPartition partition = ClassPartition.of(line.baseDigest(), line.space(), density, sharedMask);
        Optional<ExpanderClass> lift = new ClassAllocation(line, ledger, partition).choose(task, run);
        if (lift.isEmpty()) {
            return refused(
                    ErrorCode.CAPACITY,
                    ("none of the %d classes of density 1/%d is free for task %s: each holds a weight that is owned or is"
                                    + " reserved, though %d weights are free one by one, as lota and lotto take them")
                            .formatted(partition.classes(), partition.classes(), task, line.free()));
        }
        return reserved(line, ledger.mask(line.space(), lift.get()).cardinality(), lift.get());
    }

    private Decision reserved(ModelLine line, long budget, @Nullable ExpanderClass lift) {
        return Decision.of(new RegistryEvent.MaskReserved(
                task,
                run,
                line.lastToken() + 1,
                parallelFrom.orElse(line.currentVersion()),
                budget,
                method.text(),
                lift));
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, task, run);
    }

    @Override
    public WhileParked whileParked() {
        return WhileParked.REFUSED;
    }
}
