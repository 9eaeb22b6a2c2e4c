package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.List;
import java.util.Optional;

/**
 * Asks that a parked model goes on. Every file of the model is read first: one that is still not as it was stored keeps the model
 * parked, and the reason then names that one.
 */
record ResumeModel(String who, String why) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        Optional<ModelLine> line = state.line();
        if (line.isEmpty()) {
            return refused(ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()));
        }
        Optional<Parked> parked = line.get().parked();
        if (parked.isEmpty()) {
            return refused(ErrorCode.INVALID_ARGUMENT, "model %s is not parked".formatted(state.model()));
        }
        return ledger.damage(line.get())
                .map(still -> stays(line.get(), parked.get(), still))
                .orElseGet(() -> Decision.of(new RegistryEvent.ModelResumed(who, why)));
    }

    private static Decision stays(ModelLine line, Parked parked, RegistryEvent.ModelParked still) {
        RegistryEvent no = new RegistryEvent.CommandRejected(
                ErrorCode.MODEL_PARKED,
                "model %s stays parked: %s".formatted(line.name(), still.reason()),
                still.task(),
                null);
        return still.reason().equals(parked.reason()) ? Decision.of(no) : new Decision(List.of(no, still));
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, null, null);
    }
}
