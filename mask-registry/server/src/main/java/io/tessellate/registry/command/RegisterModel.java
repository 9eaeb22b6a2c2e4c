package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.List;
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
        base.rules().require();
        ledger.checkBase(base);
        return Decision.of(base);
    }

    /** Registering the same again changes nothing and is fine; anything else would be answered with the old one in silence. */
    private Decision again(ModelLine line) {
        List<String> differences = line.differences(base);
        return differences.isEmpty()
                ? Decision.nothing()
                : refused(
                        ErrorCode.MODEL_EXISTS,
                        "model %s exists with other files or settings: %s; register this one under another name"
                                .formatted(line.name(), String.join("; ", differences)));
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, null, null);
    }
}
