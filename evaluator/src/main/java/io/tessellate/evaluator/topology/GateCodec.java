package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.event.ModelRegistered;
import io.tessellate.event.Ownership;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.log.RegistryEventCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A gate as the part of a registration that it is, so that its store needs no schema of its own. */
final class GateCodec {
    private GateCodec() {}

    static RegistryEvent event(ModelName model, Gate gate) {
        Map<String, Double> budgets = new HashMap<>();
        gate.rules().taskBudgets().forEach((task, budget) -> budgets.put(task.value(), budget));
        return RegistryEvent.newBuilder()
                .setModel(model.value())
                .setSequence(1)
                .setAt(Instant.EPOCH)
                .setModelRegistered(ModelRegistered.newBuilder()
                        .setBaseDigest("")
                        .setFiles(List.of())
                        .setEligible(List.of())
                        .setOwnership(Ownership.EXCLUSIVE)
                        .setForgettingBudget(gate.budget())
                        .setPromoteUnmeasured(gate.promoteUnmeasured())
                        .setTaskBudgets(budgets)
                        .setSignificance(gate.rules().significance())
                        .setFailedVersions(gate.rules().failed().label())
                        .build())
                .build();
    }

    static Gate gate(RegistryEvent event) {
        ModelRegistered model = event.getModelRegistered();
        return new Gate(
                model.getForgettingBudget(),
                model.getPromoteUnmeasured(),
                RegistryEventCodec.rules(model.getTaskBudgets(), model.getSignificance(), model.getFailedVersions()));
    }
}
