package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Exhaustion;
import io.tessellate.lineage.ExpanderClass;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Ownership;
import io.tessellate.lineage.RegistryEvent;
import io.tessellate.recipe.MethodName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks for the right to commit an adapter. The same run asking again takes its reservation over with a newer token. */
record ReserveMask(TaskName task, RunId run, MethodName method, double density, Exhaustion exhaustion)
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
        try {
            return grant(line, ledger);
        } catch (TessellateException e) {
            if (e.code().retriable()) {
                throw e;
            }
            return Decision.rejected(e, task, run);
        }
    }

    private Decision grant(ModelLine line, OwnershipLedger ledger) {
        return switch (method.claim()) {
            case EVERYTHING -> grantEverything(line);
            case SHARE -> grantShare(line);
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
        if (exhaustion == Exhaustion.OVERLAP) {
            return rejected(
                    ErrorCode.INVALID_RECIPE,
                    "exhaustion overlap needs a model registered with shared ownership; %s is exclusive"
                            .formatted(line.name()));
        }
        long free = line.free();
        if (free < wanted && (exhaustion == Exhaustion.REJECT || free == 0)) {
            return rejected(
                    ErrorCode.CAPACITY,
                    "task %s asks for %d of %d weights but only %d are free".formatted(task, wanted, size, free));
        }
        return reserved(line, Math.min(wanted, free), null);
    }

    private Decision grantClass(ModelLine line, OwnershipLedger ledger) {
        int classes = (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.round(1 / density)));
        Optional<ExpanderClass> lift = new ClassAllocation(line, ledger, classes).choose(task, run);
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
                task, run, line.lastToken() + 1, line.currentVersion(), budget, method.text(), lift));
    }

    private Decision rejected(ErrorCode code, String message) {
        return Decision.rejected(code, message, task, run);
    }
}
