package io.tessellate.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.result.Moved;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.task.TaskGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured beside the scores, and masks that tasks are given. */
class MeasuredExperimentTest {
    @TempDir
    private Path directory;

    @Test
    void tasksTrainWhatTheyAreGivenAndItIsMeasuredHowFarTheyMoveAndHowWellMasksMix() throws IOException {
        Path file = Files.writeString(directory.resolve("plan.yaml"), """
                model: %1$s/models/bert-tiny-8k-selfpretrained
                tasks: [%1$s/sst2, %1$s/cola]
                trainExamples: 24
                evalExamples: 8
                validationShare: 0.2
                tuningTasks: 1
                tuningSeed: 9
                seeds: [1, 2]
                metrics: {cola: accuracy}
                measures: [movement, spectrum, overlap]
                recipe: {epochs: 1, maxLength: 16, targets: qkv, replayShare: 0}
                arms:
                  - name: same
                    first: {method: lotto, calibrationEpochs: 0, density: 0.05, learningRate: 0.002}
                    recipe: {method: random, density: 1, exhaustion: shrink}
                    within: first
                    sweep: {learningRate: [0.0001, 0.001, 0.01]}
                  - name: band
                    protocol: single
                    recipe: {method: random, density: 1, exhaustion: shrink}
                    within: {degree: 4, mixing: 0}
                    sweep: {within.mixing: [0, 5]}
                    learningRates: [0.001]
                """.formatted(
                        RealData.require("models").getParent()));
        String report = new Experiment(
                        ExperimentPlan.read(file),
                        Backends.open(Backends.HOST),
                        directory.resolve("out"),
                        Clock.systemUTC(),
                        TaskGenerator.none(),
                        ExperimentListener.lines(line -> {}))
                .run();
        assertThat(report).contains("## The newest task against the earlier ones", "## Spectral gap of the masks");
        // A band is the same for all; of a tenth that is exchanged at random little stays.
        assertThat(report).contains("| band, within.mixing 0 | 0.008 | 1.000 | 1.000 |");
        assertThat(report).containsPattern("\\| band, within.mixing 5 \\| 0.008 \\| 0.0\\d\\d \\| 0.0\\d\\d \\|");
        Map<String, RunOutcome> outcomes = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("out/results.jsonl"))) {
            RunOutcome outcome = new ObjectMapper().readValue(line, RunOutcome.class);
            outcomes.put(outcome.title(), outcome);
        }
        RunOutcome slow = outcomes.get("same, learningRate 1.0E-4 report lr 1.0E-4 seed 1");
        RunOutcome fast = outcomes.get("same, learningRate 0.01 report lr 0.01 seed 1");
        assertThat(slow.entries().get(0)).isEqualTo(slow.entries().get(1)).isPositive();
        assertThat(fast.moved().get(1).norm())
                .isGreaterThan(10 * slow.moved().get(1).norm());
        assertThat(slow.moved().get(0))
                .extracting(Moved::predicted, Moved::risen)
                .containsOnly(0.0);
        // A small step goes as slope and curvature say.
        assertThat(slow.moved().get(1).predicted())
                .isCloseTo(slow.moved().get(1).risen(), within(5e-3));
        double band = outcomes.get("band, within.mixing 0 report lr 0.001 seed 1")
                .gaps()
                .get(0);
        double mixed = outcomes.get("band, within.mixing 5 report lr 0.001 seed 1")
                .gaps()
                .get(0);
        assertThat(band).isLessThan(0.01);
        assertThat(mixed).isGreaterThan(0.1);
    }
}
