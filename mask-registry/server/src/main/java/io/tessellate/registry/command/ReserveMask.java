package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.Grant;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.method.MethodName;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.Optional;
import java.util.OptionalInt;

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
        Optional<CommittedVersion> committed = line.holding().of(task);
        if (committed.isPresent()) {
            return refused(
                    ErrorCode.TASK_CLOSED,
                    "task %s was committed as version %d by run %s"
                            .formatted(
                                    task,
                                    committed.get().number(),
                                    committed.get().run()));
        }
        if (line.cancelled(run).isPresent()) {
            return refused(
                    ErrorCode.CANCELLED,
                    "run %s was cancelled %s"
                            .formatted(run, line.cancelled(run).get().by()));
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
        GrantRule rule = new GrantRule(line.space(), line.ownership());
        MaskRequest request = new MaskRequest(method.text(), density, exhaustion, sharedMask, parallelFrom);
        return rule.grant(request, new LineAvailability(line, ledger, task, run))
                .map(grant -> reserved(line, grant))
                .orElseGet(() -> refused(ErrorCode.CAPACITY, tooLittleFree(line, rule.weights(request))));
    }

    private String tooLittleFree(ModelLine line, long wanted) {
        if (!method.claim().isLiftClass()) {
            return "task %s asks for %d of %d weights but only %d are free"
                    .formatted(task, wanted, line.space().size(), line.free());
        }
        int classes = ClassPartition.of(line.baseDigest(), line.space(), density, sharedMask)
                .classes();
        return ("none of the %d classes of density 1/%d is free for task %s: each holds a weight that is owned or is"
                        + " reserved, though %d weights are free one by one, as lota and lotto take them")
                .formatted(classes, classes, task, line.free());
    }

    private Decision reserved(ModelLine line, Grant grant) {
        return Decision.of(new RegistryEvent.MaskReserved(
                task,
                run,
                line.lastToken() + 1,
                parallelFrom.orElse(line.parent()),
                grant.budget(),
                method.text(),
                grant.lift().orElse(null)));
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
