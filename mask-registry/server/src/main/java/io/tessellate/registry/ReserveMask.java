package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Exhaustion;
import io.tessellate.lineage.ExpanderClass;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Ownership;
import io.tessellate.lineage.RegistryEvent;
import io.tessellate.mask.OneSidedMask;
import io.tessellate.mask.RegularDegrees;
import io.tessellate.recipe.Claim;
import io.tessellate.recipe.MethodName;
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
            return rejected(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()));
        }
        ModelLine line = state.line().get();
        Optional<CommittedVersion> committed = line.versionOf(task);
        if (committed.isPresent()) {
            return rejected(
                    ErrorCode.TASK_CLOSED,
                    "task %s was committed as version %d by run %s"
                            .formatted(
                                    task,
                                    committed.get().number(),
                                    committed.get().run()));
        }
        if (!(density > 0 && density <= 1)) {
            return rejected(ErrorCode.INVALID_RECIPE, "density must lie in (0, 1]: " + density);
        }
        if (exhaustion == Exhaustion.OVERLAP && line.ownership() == Ownership.EXCLUSIVE) {
            return rejected(
                    ErrorCode.INVALID_RECIPE,
                    "exhaustion overlap needs a model registered with shared ownership; %s is exclusive"
                            .formatted(line.name()));
        }
        Optional<String> fault = parallelFrom.isEmpty() ? Optional.empty() : faultOfParallel(line);
        if (fault.isPresent()) {
            return rejected(ErrorCode.INVALID_RECIPE, fault.get());
        }
        try {
            return grant(line, ledger);
        } catch (RetriableException e) {
            throw e;
        } catch (TessellateException e) {
            return Decision.rejected(e, task, run);
        }
    }

    /** Only what is reserved before training can be trained beside other tasks, and only where they cannot overwrite it. */
    private Optional<String> faultOfParallel(ModelLine line) {
        if (method.claim() != Claim.CLASS) {
            return Optional.of(
                    "parallel tasks need a mask that is reserved before training; method %s finds its own later"
                            .formatted(method.text()));
        }
        if (line.ownership() == Ownership.SHARED) {
            return Optional.of("parallel tasks need a model registered with exclusive ownership; %s is shared"
                    .formatted(line.name()));
        }
        int parent = parallelFrom.getAsInt();
        return parent < 0 || parent > line.currentVersion()
                ? Optional.of("task %s asks to be trained on version %d; the model is at version %d"
                        .formatted(task, parent, line.currentVersion()))
                : Optional.empty();
    }

    private Decision grant(ModelLine line, OwnershipLedger ledger) {
        return switch (method.claim()) {
            case EVERYTHING -> grantEverything(line);
            case SHARE -> grantShare(line);
            case REGULAR -> grantRegular(line);
            case CLASS -> grantClass(line, ledger);
        };
    }

    private Decision grantEverything(ModelLine line) {
        if (line.ownership() == Ownership.EXCLUSIVE) {
            return rejected(
                    ErrorCode.INVALID_RECIPE,
                    "method %s needs a model registered with shared ownership; %s is exclusive"
                            .formatted(method.text(), line.name()));
        }
        return reserved(line, line.space().size(), null);
    }

    private Decision grantShare(ModelLine line) {
        long size = line.space().size();
        long wanted = (long) Math.floor(density * size);
        if (wanted == 0) {
            return rejected(ErrorCode.INVALID_RECIPE, "density %s of %d weights leaves none".formatted(density, size));
        }
        if (line.ownership() == Ownership.SHARED) {
            return reserved(line, wanted, null);
        }
        long free = line.free();
        if (free < wanted && (exhaustion == Exhaustion.REJECT || free == 0)) {
            return rejected(
                    ErrorCode.CAPACITY,
                    "task %s asks for %d of %d weights but only %d are free".formatted(task, wanted, size, free));
        }
        return reserved(line, Math.min(wanted, free), null);
    }

    /** The mask's exact size follows from its degrees; less than that would not be regular, so nothing is shrunk. */
    private Decision grantRegular(ModelLine line) {
        long wanted = method == MethodName.ONE_SIDED
                ? OneSidedMask.size(line.space(), density)
                : line.space().tensors().stream()
                        .mapToLong(tensor ->
                                RegularDegrees.ofExpander(tensor, density).entries())
                        .sum();
        if (line.ownership() == Ownership.EXCLUSIVE && line.free() < wanted) {
            return rejected(
                    ErrorCode.CAPACITY,
                    "task %s asks for %d of %d weights but only %d are free"
                            .formatted(task, wanted, line.space().size(), line.free()));
        }
        return reserved(line, wanted, null);
    }

    private Decision grantClass(ModelLine line, OwnershipLedger ledger) {
        int classes = (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.round(1 / density)));
        Optional<ExpanderClass> lift = new ClassAllocation(line, ledger, classes, sharedMask).choose(task, run);
        if (lift.isEmpty()) {
            return rejected(
                    ErrorCode.CAPACITY,
                    ("none of the %d classes of density 1/%d is free for task %s: each holds a weight that is owned or is"
                                    + " reserved, though %d weights are free one by one, as lota and lotto take them")
                            .formatted(classes, classes, task, line.free()));
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

    private Decision rejected(ErrorCode code, String message) {
        return Decision.rejected(code, message, task, run);
    }
}
