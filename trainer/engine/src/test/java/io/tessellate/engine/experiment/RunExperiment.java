package io.tessellate.engine.experiment;

import io.tessellate.engine.backend.Backends;
import java.nio.file.Path;
import java.time.Clock;

/** Runs a plan from the command line: {@code RunExperiment plan.json output}. */
final class RunExperiment {
    private RunExperiment() {}

    public static void main(String[] args) {
        ExperimentPlan plan = ExperimentPlan.read(Path.of(args[0]));
        ExperimentListener lines = new ExperimentListener() {
            @Override
            public void noted(String line) {
                System.out.println(line);
            }

            @Override
            public void worked(Work work) {
                System.out.println(work.bar());
            }
        };
        System.out.println(new Experiment(
                        plan,
                        Backends.open(Backends.HOST),
                        Path.of(args[1]),
                        Clock.systemUTC(),
                        TaskGenerator.none(),
                        lines)
                .run());
    }
}
