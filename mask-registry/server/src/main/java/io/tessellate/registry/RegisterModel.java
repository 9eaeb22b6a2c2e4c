package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.RegistryEvent;
import java.util.Optional;

/** Asks for a new model on a base that lies in the blob store. */
record RegisterModel(RegistryEvent.ModelRegistered base) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        Optional<ModelLine> line = state.line();
        if (line.isPresent()) {
            return again(line.get());
        }
        if (!(base.forgettingBudget() >= 0 && base.forgettingBudget() <= 1)) {
            return Decision.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "forgetting budget must lie in 0 to 1: " + base.forgettingBudget(),
                    null,
                    null);
        }
        ledger.checkBase(base);
        return Decision.of(base);
    }

    /** Registering the same base again changes nothing and is fine. */
    private Decision again(ModelLine line) {
        if (line.baseDigest().equals(base.baseDigest())
                && line.ownership() == base.ownership()
                && line.space().equals(base.space())) {
            return Decision.nothing();
        }
        return Decision.rejected(
                ErrorCode.MODEL_EXISTS,
                "model %s exists with base %s and %s ownership; asked for was base %s with %s ownership"
                        .formatted(
                                line.name(), line.baseDigest(), line.ownership(), base.baseDigest(), base.ownership()),
                null,
                null);
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, null, null);
    }
}
