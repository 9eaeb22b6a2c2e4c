package io.tessellate.experiment;

import io.tessellate.engine.backend.Backends;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.task.TaskGenerator;
import java.nio.file.Path;
import java.time.Clock;

/** Runs a plan from the command line: {@code RunExperiment plan.json output}. */
final class RunExperiment {
    private RunExperiment() {}

    public static void main(String[] args) {
        ExperimentPlan plan = ExperimentPlan.read(Path.of(args[0]));
        System.out.println(new Experiment(
                        plan,
                        Backends.open(Backends.HOST),
                        Path.of(args[1]),
                        Clock.systemUTC(),
                        TaskGenerator.none(),
                        ExperimentListener.lines(System.out::println))
                .run());
    }
}
