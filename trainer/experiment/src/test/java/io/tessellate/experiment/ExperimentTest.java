package io.tessellate.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.task.TaskGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
    @TempDir
    private Path directory;

    private @Nullable ExperimentProgress last;

    private ExperimentPlan plan(Path data) throws IOException {
        Path file = directory.resolve("plan.yaml");
        Files.writeString(file, """
                {"model": "%1$s/models/bert-tiny-8k-selfpretrained", "tasks": ["%1$s/sst2", "%1$s/stsb"],
                 "trainExamples": 32, "evalExamples": 16, "validationShare": 0.25, "tuningTasks": 1, "tuningSeeds": [9],
                 "seeds": [1, 2], "resample": false,
                 "recipe": {"epochs": 1, "maxLength": 24, "calibrationEpochs": 0},
                 "arms": [
                   {"name": "full", "recipe": {"method": "full"}, "learningRates": [0.0005]},
                   {"name": "LoTTO", "recipe": {"method": "lotto"}, "learningRates": [0.001, 0.002, 0.004]},
                   {"name": "alone", "protocol": "single", "recipe": {"method": "full"}, "learningRates": [0.0005]},
                   {"name": "joint", "protocol": "joint", "recipe": {"method": "full"}, "learningRates": [0.0005]},
                   {"name": "merged", "protocol": "merge", "merge": {"method": "ties", "scales": [0.5, 1]},
                    "recipe": {"method": "full"}, "learningRates": [0.0005]},
                   {"name": "LoTA, then full", "first": {"method": "lota", "learningRate": 0.001},
                    "recipe": {"method": "full"}, "learningRates": [0.0005]}]}
                """.formatted(data));
        return ExperimentPlan.read(file);
    }

    private ExperimentPlan twoArms(Path data) throws IOException {
        Path file = directory.resolve("two.yaml");
        Files.writeString(file, """
                {"model": "%1$s/models/bert-tiny-8k-selfpretrained", "tasks": ["%1$s/sst2"],
                 "trainExamples": 32, "evalExamples": 16, "validationShare": 0.25, "tuningTasks": 1, "tuningSeeds": [9],
                 "seeds": [1, 2], "resample": false, "recipe": {"epochs": 1, "maxLength": 24},
                 "arms": [
                   {"name": "full", "recipe": {"method": "full"}, "learningRates": [0.0005]},
                   {"name": "tuned", "recipe": {"method": "random"}, "learningRates": [0.001, 0.002]}]}
                """.formatted(data));
        return ExperimentPlan.read(file);
    }

    @Test
    void aPlanRunsTunesReportsAndIsNotRunTwice() throws IOException {
        ExperimentPlan plan = plan(RealData.require("models").getParent());
        List<String> first = new ArrayList<>();
        String report = experiment(plan, first).run();
        assertThat(report).contains("Tasks in order: sst2, stsb.", "| full | 5.0E-4 |", "## Task view", "### LoTTO");
        assertThat(report).contains("### Against full, seed by seed", "plots/matrix-6-union.svg", "## Tuning");
        assertThat(directory.resolve("out/plots/forgetting.svg")).isNotEmptyFile();
        assertThat(directory.resolve("out/plots/forgetting.png")).isNotEmptyFile();
        // Five trials of the plan, twelve runs, and what lies beyond edges that won.
        int runs = (int) first.stream().filter(line -> line.contains("ACC")).count();
        assertThat(runs).isBetween(17, 25);
        assertThat(last).isEqualTo(new ExperimentProgress(runs, runs, 0));
        // What is merged is what was learnt alone: it is not learnt again, and merging changes no task view.
        assertThat(directory.resolve("out/single")).isDirectoryContaining("glob:**.safetensors");
        assertThat(first.stream().filter(line -> line.contains("report") && line.contains("ACC")))
                .extracting(line -> line.replaceAll(".* seed (\\d+):.*", "$1"))
                .containsExactly("1", "1", "1", "1", "1", "1", "2", "2", "2", "2", "2", "2");
        assertThat(directory.resolve("out/report.md")).hasContent(report);
        assertThat(Files.readAllLines(directory.resolve("out/results.csv"))).hasSize(1 + 6 * 2 * 2 * 3);

        Path results = directory.resolve("out/results.jsonl");
        Files.writeString(results, Files.readString(results) + "{\"key\": \"cut o");
        List<String> second = new ArrayList<>();
        assertThat(experiment(plan, second).run()).isEqualTo(report);
        assertThat(second)
                .singleElement()
                .asString()
                .contains(
                        "results.jsonl: 1 of its lines left out, each cannot be read as a result: line " + (runs + 1));
        assertThat(experiment(plan, new ArrayList<>()).report()).isEqualTo(report);
        assertThat(Files.readAllLines(results).get(0))
                .contains("\"setting\":{\"backend\":\"host\",\"base\":", "\"digest\":", "\"learningRate\":");
    }

    /** A stopped plan is reported as far as its seeds are whole, and what it lacks is said; nothing runs for that. */
    @Test
    void anUnfinishedPlanIsReportedWithoutRunningByItsWholeSeedsAlone() throws IOException {
        ExperimentPlan plan = twoArms(RealData.require("models").getParent());
        assertThat(experiment(plan, new ArrayList<>()).report())
                .contains("**Unfinished:** none of the plan's 2 seeds are whole, so there is no table. Missing:")
                .contains("- every run of tuned, for its tuning is not done: tuned tune lr 0.001 seed 9 has not run\n")
                .doesNotContain("every run of full", "## Union view");
        String report = experiment(plan, new ArrayList<>()).run();
        Path results = directory.resolve("out/results.jsonl");
        List<String> lines = Files.readAllLines(results);
        assertThat(lines.get(lines.size() - 1)).contains("tuned report").contains("seed 2");

        Files.write(results, lines.subList(0, lines.size() - 1));
        List<String> noted = new ArrayList<>();
        String unfinished = experiment(plan, noted).report();
        assertThat(unfinished)
                .startsWith("**Unfinished:** 1 of the plan's 2 seeds is whole (1); all below is of these. Missing:\n\n"
                        + "- seed 2: 1 of 2 runs: tuned\n")
                .contains("over 1 of 2 seeds")
                .containsPattern("\\| full \\| 5.0E-4 \\| [0-9.]+ \\| [0-9.]+ \\|");
        assertThat(directory.resolve("out/report.md")).hasContent(unfinished);
        assertThat(noted).isEmpty();
        assertThat(Files.readAllLines(results)).hasSize(lines.size() - 1);

        // A torn last line is harmless: what runs next begins a line of its own.
        Files.writeString(results, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n{\"key\": \"cut o");
        assertThat(experiment(plan, noted).run()).isEqualTo(report);
        assertThat(experiment(plan, new ArrayList<>()).report()).isEqualTo(report);
        assertThat(Files.readAllLines(results)).hasSize(lines.size() + 1);
    }

    @Test
    void everySeedHasSamplesAndAnOrderOfItsOwnWhereThePlanAsksForThatAndRacesWhereNoRateIsGiven() throws IOException {
        Path data = RealData.require("models").getParent();
        Path file = directory.resolve("resampled.yaml");
        Files.writeString(file, """
                {"model": "%1$s/models/bert-tiny-8k-selfpretrained", "tasks": ["%1$s/sst2", "%1$s/stsb"], "resample": true,
                 "trainExamples": 40, "evalExamples": 20, "validationShare": 0.2, "tuningTasks": 1, "tuningSeed": 9,
                 "seeds": [1, 2, 3, 4], "recipe": {"epochs": 1, "maxLength": 24}, "arms": [{"name": "default"}]}
                """.formatted(data));
        String report = experiment(ExperimentPlan.read(file), new ArrayList<>()).run();
        assertThat(report)
                .contains(
                        "Tasks in order: place 1, place 2.",
                        "| default | auto, 0.008 to 0.008 |",
                        "| arm | sst2 | stsb |");
        List<JsonNode> tasks = new ArrayList<>();
        List<JsonNode> rates = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("out/results.jsonl"))) {
            tasks.add(new ObjectMapper().readTree(line).path("setting").path("tasks"));
            rates.add(new ObjectMapper().readTree(line).path("rates"));
        }
        assertThat(tasks)
                .hasSize(4)
                .extracting(two -> two.get(0).path("name").asText())
                .contains("sst2", "stsb");
        assertThat(tasks.stream()
                        .flatMap(two -> Stream.of(two.get(0), two.get(1)))
                        .map(task -> task.path("digest").asText())
                        .distinct())
                .hasSize(8);
        assertThat(rates).allSatisfy(two -> assertThat(two).hasSize(2));
    }

    private Experiment experiment(ExperimentPlan plan, List<String> progress) {
        ExperimentListener listener = new ExperimentListener() {
            @Override
            public void noted(String line) {
                progress.add(line);
            }

            @Override
            public void worked(ExperimentProgress work) {
                last = work;
            }
        };
        return new Experiment(
                plan,
                Backends.open(Backends.HOST),
                directory.resolve("out"),
                Clock.systemUTC(),
                TaskGenerator.none(),
                listener);
    }

    @Test
    void aPlanWithAnUnknownFieldIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("plan.json"), "{\"modle\": \"x\"}");
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> ExperimentPlan.read(file))
                .withMessageContaining("field 'model' is missing");
    }
}
