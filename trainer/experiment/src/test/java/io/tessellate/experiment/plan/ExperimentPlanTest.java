package io.tessellate.experiment.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.experiment.task.TaskGenerator;
import io.tessellate.id.Sha256;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.mask.merge.Ties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExperimentPlanTest {
    private static final String TASKS = """
            tasks:
              - ../data/sst2
              - {path: ../data/agnews, name: world-and-sports, labels: [0, 1]}
              - {generated: topic, labels: [3, 1, 2]}
            """;
    private static final String SIZES = """
            trainExamples: 8
            evalExamples: 4
            validationShare: 0.2
            tuningTasks: 1
            tuningSeed: 9
            seeds: [1, 2]
            recipe: {epochs: 1}
            """;

    @TempDir
    private Path directory;

    private ExperimentPlan plan(String text) throws IOException {
        return ExperimentPlan.read(Files.writeString(directory.resolve("plan.yaml"), text));
    }

    private ExperimentPlan arms(String arms) throws IOException {
        return plan("model: generated\n" + TASKS + SIZES + "arms:\n" + arms);
    }

    /** Says what label it has, so that a test can see what became of it. */
    private static final class Labels implements TaskGenerator {
        @Override
        public Path model(Path directory) {
            return directory;
        }

        @Override
        public int labels(String task) {
            return 4;
        }

        @Override
        public Examples examples(String task, int train, int eval) {
            return new Examples(examples(Split.TRAIN, train), examples(Split.EVAL, eval));
        }

        private static List<Example> examples(Split split, int count) {
            return IntStream.range(0, count)
                    .mapToObj(n -> new Example(null, split, "was " + n % 4, null, new Label.ClassIndex(n % 4)))
                    .toList();
        }
    }

    @Test
    void tasksAreFoldersGeneratedOrSomeClassesOfEither() throws IOException {
        ExperimentPlan plan = arms("  - {name: a, learningRates: [0.1]}\n");
        assertThat(plan.model()).isNull();
        assertThat(plan.tasks()).extracting(TaskSource::title).containsExactly("sst2", "world-and-sports", "topic");
        assertThat(plan.tasks().get(0).path())
                .isEqualTo(directory.resolveSibling("data").resolve("sst2"));
        assertThat(plan.streams()).containsExactly(Map.entry("all", List.of("sst2", "world-and-sports", "topic")));

        TaskFolder topic = plan.tasks().get(2).read(plan, ToyEncoder.CONFIG, new Labels());
        assertThat(topic.labels()).isEqualTo(3);
        assertThat(topic.train()).hasSize(8);
        assertThat(topic.eval()).hasSize(4);
        assertThat(Stream.concat(topic.train().stream(), topic.eval().stream()))
                .extracting(example -> example.text() + " is " + example.label().classIndex())
                .containsOnly("was 3 is 0", "was 1 is 1", "was 2 is 2");
        assertThat(topic.digest()).isNotEqualTo(topic.limited(7, 4).digest());
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> topic.only(List.of(0, 3)))
                .withMessageContaining("task 'topic' has no classes [0, 3]: it is a classification with 3");
    }

    @Test
    void aSweepIsAnArmOfEveryCombination() throws IOException {
        ExperimentPlan plan = arms("""
                  - name: LoTTO
                    recipe: {method: lotto, replayShare: 0}
                    learningRates: [0.001, 0.002]
                    sweep: {density: [0.1, 0.01], maxLength: [32, 64]}
                  - {name: FFT, recipe: {method: full}, learningRates: [1], sweep: {learningRate: [0.5, 0.25]}}
                """);
        assertThat(plan.arms())
                .extracting(Arm::name)
                .containsExactly(
                        "LoTTO, density 0.1, maxLength 32",
                        "LoTTO, density 0.1, maxLength 64",
                        "LoTTO, density 0.01, maxLength 32",
                        "LoTTO, density 0.01, maxLength 64",
                        "FFT, learningRate 0.5",
                        "FFT, learningRate 0.25");
        Arm second = plan.arms().get(1);
        assertThat(second.family()).isEqualTo("LoTTO");
        assertThat(second.swept()).isEqualTo(Map.of("density", 0.1, "maxLength", 64));
        assertThat(second.recipe(Map.of(), second.firstChoice().at(0.002), 3).density())
                .isEqualTo(0.1);
        assertThat(second.recipe(Map.of(), second.firstChoice().at(0.002), 3)
                        .replay()
                        .share())
                .isZero();
        assertThat(second.learningRates()).containsExactly(0.001, 0.002);
        assertThat(plan.arms().get(5).learningRates()).containsExactly(0.25);
    }

    @Test
    void anArmThatMergesSaysHowAndItsNumbersCanBeSwept() throws IOException {
        ExperimentPlan plan = arms("""
                  - name: merged
                    protocol: merge
                    merge: {method: ties, scales: [0.5, 1], trim: per_tensor, disjoint: true}
                    learningRates: [0.1]
                    sweep: {merge.keep: [0.1, 0.2]}
                """);
        MergePlan merge = plan.arms().get(1).merge();
        assertThat(merge).isNotNull();
        assertThat(merge.scales()).containsExactly(0.5, 1.0);
        assertThat(merge.disjoint()).isTrue();
        assertThat(merge.recipe(0.5, merge.firstKeep()))
                .isEqualTo(new MergeRecipe(MergeRecipe.Method.TIES, 0.5, 0.2, Ties.Trim.PER_TENSOR));
    }

    @Test
    void strengthsAndSharesThatAreKeptAreListsToTuneAsRatesAre() throws IOException {
        ExperimentPlan plan = arms("""
                  - {name: EWC, recipe: {method: ewc}, learningRates: [0.1, 0.2], strengths: [1000, 10000]}
                  - name: merged
                    protocol: merge
                    merge: {method: ties, scales: [1, 2], keeps: [0.1, 0.2]}
                    learningRates: [0.1]
                """);
        Arm ewc = plan.arms().get(0);
        assertThat(ewc.strengths()).containsExactly(1e3, 1e4);
        assertThat(ewc.firstChoice()).isEqualTo(new Job.Choice(0.1, 1, 1e3, null));
        assertThat(ewc.recipe(Map.of(), ewc.firstChoice().pulledBy(1e4), 3).elasticity())
                .isEqualTo(1e4);
        Arm merged = plan.arms().get(1);
        assertThat(merged.firstChoice()).isEqualTo(new Job.Choice(0.1, 1, null, 0.1));
        assertThat(merged.merge().recipe(2, 0.2).keep()).isEqualTo(0.2);
        assertThat(merged.recipe(Map.of(), merged.firstChoice(), 3).elasticity())
                .isZero();
    }

    @Test
    void streamsAreOrdersOfTheTasksInTheOrderOfTheFile() throws IOException {
        ExperimentPlan plan = plan("model: generated\n" + TASKS
                + "streams: {there: [sst2, topic], back: [topic, sst2]}\n" + SIZES
                + "arms: [{name: a, learningRates: [0.1]}]\n");
        assertThat(plan.streams().keySet()).containsExactly("there", "back");
        assertThat(plan.streams().get("back")).containsExactly("topic", "sst2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: a, protocol: joint, learningRates: []} | arm 'a' needs at least one learning rate, for tasks learnt at once run no race",
                "{name: a, protocol: merge, learningRates: [1]} | arm 'a' must say how to merge if, and only if, it merges",
                "{name: a, protocol: merge, merge: {method: union, keep: 0.5}, learningRates: [1]} | only ties trims",
                "{name: a, learningRates: [1], sweep: {density: 0.1}} | sweep of 'density' must be a list of values",
                "{name: a, learningRates: [1], colour: red} | field 'arms.colour' is unknown; known are",
                "[a] | an arm must be a map of fields"
            })
    void whatIsNoArmIsRefused(String arm, String why) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> arms("  - " + arm + "\n"))
                .withMessageContaining(why);
    }

    @Test
    void namesThatAreThereTwiceOrNowhereAreRefused() {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> arms("  - {name: a, learningRates: [1]}\n  - {name: a, learningRates: [1]}\n"))
                .withMessageContaining("arm 'a' is there more than once");
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> plan("model: generated\n" + TASKS + "streams: {s: [sst3]}\n" + SIZES
                        + "arms: [{name: a, learningRates: [0.1]}]\n"))
                .withMessageContaining("stream 's' must be a list of the tasks [sst2, world-and-sports, topic]");
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> plan("model: generated\ntasks: [{generated: topic, path: x}]\n" + SIZES
                        + "arms: [{name: a, learningRates: [0.1]}]\n"))
                .withMessageContaining("a task needs either a path or a generator's name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "model: [a                       | line 1, column 10: this is not YAML",
                "model: generated                | field 'tasks' is missing, or is not a list",
                "[1, 2]                          | the plan must be a map of fields",
            })
    void whatIsNoPlanIsNamedInOurWords(String text, String why) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> plan(text + "\n"))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("creator", "deserialize", "Source", "io.tessellate."));
    }

    @Test
    void aMistakeInARecipeShowsBeforeAnythingRuns() throws IOException {
        ExperimentPlan plan = arms("  - {name: a, recipe: {metod: full}, learningRates: [1]}\n");
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(plan::requireRecipes)
                .withMessageContaining("arm 'a': ")
                .withMessageContaining("metod");
    }

    private TaskFolder texts(String metric, String decoding) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("tales"));
        Files.writeString(
                folder.resolve("meta.json"),
                "{\"task\": \"generation\", \"metric\": \"%s\", \"decoding\": %s}".formatted(metric, decoding));
        for (String split : List.of("train", "eval")) {
            Files.writeString(folder.resolve(split + ".jsonl"), "{\"prompt\": \"once\", \"completion\": \" upon\"}\n");
        }
        return TaskFolder.read(folder, ToyDecoder.CONFIG, null, 8, 8);
    }

    @Test
    void aTasksTextsAreDecodedAsItsMetaSaysAndWhatIsMeasuredSoIsAResultOfItsOwn() throws IOException {
        String papers = "{\"temperature\": 0.6, \"topK\": 50, \"topP\": 0.9, \"maxNewTokens\": 512}";
        TaskFolder drawn = texts("rouge-l", papers);
        TaskFolder greedy = texts("rouge-l", "{}");
        assertThat(drawn.measure()).isEqualTo(new Measure(MetricName.ROUGEL, new Decoding(0.6, 50, 0.9, 0, 512)));
        assertThat(drawn.limited(1, 1).named("other").measure()).isEqualTo(drawn.measure());
        assertThat(greedy.measure()).isEqualTo(Measure.by(MetricName.ROUGEL));
        assertThat(key(drawn)).isNotEqualTo(key(greedy));
    }

    private static Sha256 key(TaskFolder task) {
        Job job = new Job("a", List.of(task), Protocol.SEQUENCE, List.of(), null, false, null, Set.of(), List.of());
        return Job.key(job.setting(ToyEncoder.digest(), "host"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "rouge-l | [] | decoding must be an object: []",
                "rouge-l | {\"heat\": 1} | decoding.heat is unknown; known are [temperature, topK, topP, seed, maxNewTokens]",
                "rouge-l | {\"temperature\": \"1\"} | decoding.temperature must be a number: \"1\"",
                "rouge-l | {\"temperature\": 1, \"topK\": 1.5} | decoding.topK must be a whole number: 1.5",
                "rouge-l | {\"temperature\": 1, \"topP\": 2} | decoding.topP must be above 0 and at most 1: 2.0",
                "rouge-l | {\"topK\": 5} | decoding.temperature must be given where topK, topP or seed is",
                "perplexity | {\"temperature\": 1} | decoding needs a metric of generated texts, which 'inverse_perplexity'",
            })
    void aDecodingThatDoesNotFitIsNamed(String metric, String decoding, String why) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> texts(metric, decoding))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST));
    }

    static List<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../docs/experiments"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedPlanCanBeRun(Path file) {
        ExperimentPlan plan = ExperimentPlan.read(file);
        plan.requireRecipes();
        assertThat(plan.seeds()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(plan.arms()).isNotEmpty();
    }
}
