package io.tessellate.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.task.TaskGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generation and multiple choice in an experiment, on the models that can do them. */
class DecoderExperimentTest {
    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();

    private Experiment experiment(String model, String tasks, String metrics) throws IOException {
        Path data = RealData.require("models").getParent();
        Path file = Files.writeString(directory.resolve("plan.yaml"), """
                {"model": "%1$s/models/%2$s", "tasks": [%3$s],
                 "trainExamples": 12, "evalExamples": 6, "validationShare": 0.2, "tuningTasks": 1, "tuningSeed": 9,
                 "seeds": [1], "resample": false, "metrics": %4$s,
                 "recipe": {"epochs": 1, "maxLength": 160, "calibrationEpochs": 0},
                 "arms": [
                   {"name": "full", "recipe": {"method": "full"}, "learningRates": [0.001]},
                   {"name": "LoTTO", "recipe": {"method": "lotto", "replayShare": 0.25}, "learningRates": [0.001]},
                   {"name": "joint", "protocol": "joint", "recipe": {"method": "full"}, "learningRates": [0.001]}]}
                """.formatted(
                        data, model, tasks.replace("DATA", data.toString()), metrics));
        return new Experiment(
                ExperimentPlan.read(file),
                Backends.open(Backends.HOST),
                directory.resolve("out"),
                Clock.systemUTC(),
                TaskGenerator.none(),
                ExperimentListener.lines(progress::add));
    }

    @Test
    void completionsTextsAndChoicesAreLearntByADecoderInOneStream() throws IOException {
        String report = experiment(
                        "stories260k",
                        "\"DATA/sql_create_context\", \"DATA/gsm8k\", \"DATA/arc_easy\"",
                        "{\"sql_create_context\": \"inverse_perplexity\"}")
                .run();
        assertThat(report).contains("Tasks in order: sql_create_context, gsm8k, arc_easy.", "| LoTTO | 0.001 |");
        List<RunOutcome> outcomes = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("out/results.jsonl"))) {
            outcomes.add(new ObjectMapper().readValue(line, RunOutcome.class));
        }
        assertThat(outcomes).hasSize(3);
        for (RunOutcome outcome : outcomes) {
            assertThat(outcome.constant()).isTrue();
            assertThat(outcome.union().get(2).get(0)).isStrictlyBetween(0.0, 1.0);
            assertThat(outcome.union().get(2).get(2) * 6)
                    .isEqualTo(Math.rint(outcome.union().get(2).get(2) * 6));
        }
    }

    @Test
    void anEncoderChoosesThroughAHeadAndRefusesToGenerateByName() throws IOException {
        experiment("bert-tiny-8k-selfpretrained", "\"DATA/arc_easy\", \"DATA/sst2\"", "{}")
                .run();
        assertThat(progress).filteredOn(line -> line.contains("ACC")).hasSize(3);
        assertThatThrownBy(() -> experiment("bert-tiny-8k-selfpretrained", "\"DATA/gsm8k\"", "{}"))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                .hasMessageContaining("gsm8k is a generation task, which needs a decoder");
    }
}
