package io.tessellate.experiment;

import io.tessellate.experiment.plan.Arm;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.plan.Job.Choice;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.result.Tuned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An arm with what tuning chose, and what its runs came to so far. */
final class TunedArm {
    private final Arm arm;
    private final Choice choice;
    private final List<Tuned> tuned;
    private final Map<String, List<RunOutcome>> outcomes = new HashMap<>();

    TunedArm(Arm arm, Choice choice, List<Tuned> tuned) {
        this.arm = arm;
        this.choice = choice;
        this.tuned = List.copyOf(tuned);
    }

    Arm arm() {
        return arm;
    }

    Choice choice() {
        return choice;
    }

    void add(String stream, RunOutcome outcome) {
        outcomes.computeIfAbsent(stream, name -> new ArrayList<>()).add(outcome);
    }

    ArmResult result(ExperimentPlan plan, String stream) {
        return new ArmResult(
                arm,
                arm.recipe(plan.recipe(), choice, 0),
                choice.scale(),
                choice.keep(),
                tuned,
                List.copyOf(outcomes.getOrDefault(stream, List.of())));
    }
}
