package io.tessellate.pipeline.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.DatasetState;
import io.tessellate.event.Decoding;
import io.tessellate.event.Objective;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalDatasetTest {
    private static final TaskId TASK = TaskId.of("glue", "sst2");

    @TempDir
    Path directory;

    @BeforeEach
    void writeDataset() throws IOException {
        write("train.jsonl", """
                {"id":"a","text":"good","label":1,"label_name":"positive"}
                {"id":"b","text":"bad","label":0}

                {"id":"c","text":"fine","label_name":"positive"}
                """);
        write("eval.jsonl", """
                {"id":"d","text":"nice","label":1}
                {"id":"d","text":"nice","label":1}
                {"id":"e","text":"odd","label":7}
                """);
        write("meta.json", """
                {"task":"classification","labels":["negative","positive"],"metric":"accuracy","rows":{"train":3}}
                """);
    }

    @Test
    void recordsManifestAndDigestComeFromTheDirectory() {
        LocalDataset dataset = read(Optional.empty(), UnaryOperator.identity());
        assertThat(dataset.records()).hasSize(6);
        assertThat(dataset.records().get(0).getSplit()).isEqualTo("train");
        assertThat(dataset.records().get(0).getLabel()).isEqualTo(1L);
        assertThat(dataset.records().get(2).getLabel()).isEqualTo("positive");
        assertThat(dataset.records().get(3).getSplit()).isEqualTo("eval");
        TaskManifest manifest = dataset.manifest();
        assertThat(manifest.getModel()).isEqualTo("glue");
        assertThat(manifest.getState()).isEqualTo(DatasetState.CLOSED);
        assertThat(manifest.getLabels()).containsExactly("negative", "positive");
        assertThat(manifest.getExpectedRecords()).isEqualTo(6);
        assertThat(manifest.getDatasetDigest()).isEqualTo(dataset.digest().hex());
        assertThat(dataset.refused().count()).isEqualTo(1);
        assertThat(dataset.refused().reason())
                .startsWith("UNKNOWN_LABEL")
                .contains("eval.jsonl, line 3: field 'label'");
    }

    @Test
    void theDigestHoldsTheExamplesAndNotTheirOrder() throws IOException {
        var digest = read(Optional.empty(), UnaryOperator.identity()).digest();
        write("eval.jsonl", "{\"id\":\"d\",\"text\":\"nice\",\"label\":1}\n");
        write("train.jsonl", """
                {"id":"c","text":"fine","label":1}
                {"id":"b","text":"bad","label":0}
                {"id":"a","text":"good","label":1}
                """);
        assertThat(read(Optional.empty(), UnaryOperator.identity()).digest()).isEqualTo(digest);
    }

    @Test
    void recordsWithoutIdsGetTheSameOnesWheneverTheyAreReadAndEqualOnesStayApart() throws IOException {
        write("train.jsonl", """
                {"text":"good","label":1}
                {"text":"bad","label":0}
                {"text":"good","label":1}
                {"id":"own","text":"good","label":1}
                """);
        LocalDataset dataset = read(Optional.empty(), UnaryOperator.identity());
        var train = dataset.records().subList(0, 4);
        assertThat(train).extracting(TaskExample::getId).doesNotHaveDuplicates().doesNotContainNull();
        assertThat(train.get(3).getId()).isEqualTo("own");
        assertThat(RepeatedIds.of(dataset).words(7)).hasValue("1 of 7 records repeat others and count once");
        assertThat(read(Optional.empty(), UnaryOperator.identity()).records()).isEqualTo(dataset.records());
    }

    @Test
    void theRunFollowsFromTheRecipe() {
        var one = read(
                Optional.empty(),
                recipe -> Recipe.newBuilder(recipe).setSeed(1L).build());
        var two = read(
                Optional.empty(),
                recipe -> Recipe.newBuilder(recipe).setSeed(2L).build());
        assertThat(one.digest()).isEqualTo(two.digest());
        assertThat(one.run()).isNotEqualTo(two.run());
    }

    @Test
    void aManifestInYamlOrJsonReplacesTheMeta() throws IOException {
        Path yaml = write("m.yaml", """
                objective: regression
                metric: spearman
                tolerance: 1
                fields: {text: body}
                recipe:
                  method: lota
                  epochs: 2
                  seed: 5
                """);
        TaskManifest manifest = read(
                        Optional.of(yaml),
                        recipe -> Recipe.newBuilder(recipe).setSeed(6L).build())
                .manifest();
        assertThat(manifest.getObjective()).isEqualTo(Objective.REGRESSION);
        assertThat(manifest.getFields()).as("what is sent has our own names").isNull();
        assertThat(manifest.getRecipe().getMethod()).isEqualTo("lota");
        assertThat(manifest.getRecipe().getEpochs()).isEqualTo(2.0);
        assertThat(manifest.getRecipe().getSeed()).isEqualTo(6);
        Path json = write("m.json", "{\"labels\":[\"negative\",\"positive\"],\"evalShare\":0.2}");
        assertThat(read(Optional.of(json), UnaryOperator.identity()).manifest().getEvalShare())
                .isEqualTo(0.2);
    }

    @Test
    void aFieldThatAManifestLeavesToARaceIsNamedInTheRecipesList() throws IOException {
        Path yaml = write("m.yaml", """
                objective: regression
                recipe: {learningRate: auto, replayShare: auto, epochs: 2}
                """);
        Recipe recipe =
                read(Optional.of(yaml), UnaryOperator.identity()).manifest().getRecipe();
        assertThat(recipe.getLearningRate()).isNull();
        assertThat(recipe.getEpochs()).isEqualTo(2.0);
        assertThat(recipe.getAuto()).containsExactlyInAnyOrder("learningRate", "replayShare");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "recipe: {methd: lota} | field 'methd' is unknown",
                "labels: yes | field 'labels' must be a list",
                "objective: guessing | known are [CLASSIFICATION, REGRESSION, GENERATION, MULTIPLE_CHOICE]",
                "recipe: {epochs: many} | field 'epochs' must be a number",
                "recipe: {batchSize: 1.5} | field 'batchSize' must be a whole number: 1",
                "decoding: {heat: 1} | field 'heat' is unknown; known are [temperature, topK, topP, seed, maxNewTokens]",
                "decoding: warm | decoding must hold fields by name, not \"warm\"",
                "'[]' | holds no object",
            })
    void whatDoesNotFitInAManifestIsNamed(String text, String message) throws IOException {
        Path file = write("bad.yaml", text);
        assertThatThrownBy(() -> read(Optional.of(file), UnaryOperator.identity()))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "pair classification (2 labels), accuracy and F1 (positive class 1), CLASSIFICATION, accuracy",
        "classification, Matthews correlation, CLASSIFICATION, matthews",
        "pair regression (0..5), Pearson and Spearman correlation, REGRESSION, pearson",
        "prompt/completion, exact match of the number after ####; else perplexity, GENERATION, gsm8k",
        "prompt/completion, exact match of the normalised SQL; else perplexity, GENERATION, exact_match",
        "generation, ROUGE-L, GENERATION, rougel",
        "multiple choice (3 to 5 choices), accuracy (argmax over choices), MULTIPLE_CHOICE, accuracy",
        "multiple choice, choice_likelihood, MULTIPLE_CHOICE, choice_likelihood",
    })
    void aMetaFileMayBeWordy(String task, String metric, Objective objective, String name) throws IOException {
        String labels = objective == Objective.CLASSIFICATION ? "\"labels\":[\"a\",\"b\"]," : "";
        if (objective == Objective.GENERATION) {
            write("train.jsonl", "{\"prompt\":\"one\",\"completion\":\" two\"}\n");
        }
        if (objective == Objective.MULTIPLE_CHOICE) {
            write("train.jsonl", "{\"prompt\":\"one\",\"choices\":[\"two\",\"three\"],\"label\":1}\n");
        }
        write("meta.json", "{%s\"task\":\"%s\",\"metric\":\"%s\"}".formatted(labels, task, metric));
        TaskManifest manifest = read(Optional.empty(), UnaryOperator.identity()).manifest();
        assertThat(manifest.getObjective()).isEqualTo(objective);
        assertThat(manifest.getMetric()).isEqualTo(name);
    }

    @Test
    void theMetricMayBeNamedInsteadOfTheMetas() throws IOException {
        write("train.jsonl", "{\"prompt\":\"one\",\"choices\":[\"two\",\"three\"],\"label\":1}\n");
        write("meta.json", "{\"task\":\"multiple choice\",\"metric\":\"accuracy\"}");
        TaskManifest manifest = LocalDataset.read(
                        TASK,
                        directory,
                        Optional.empty(),
                        builder -> builder.setMetric("choice_likelihood"),
                        UnaryOperator.identity())
                .manifest();
        assertThat(manifest.getMetric()).isEqualTo("choice_likelihood");
    }

    @Test
    void aDecodingComesFromMetaOrManifestAndIsCheckedBeforeAnythingIsSent() throws IOException {
        write("train.jsonl", "{\"prompt\":\"one\",\"completion\":\" two\"}\n");
        write("eval.jsonl", "{\"prompt\":\"one\",\"completion\":\" three\"}\n");
        write(
                "meta.json",
                "{\"task\":\"generation\",\"metric\":\"ROUGE-L\",\"decoding\":{\"temperature\":0.6,\"topK\":50,\"topP\":0.9,"
                        + "\"seed\":7,\"maxNewTokens\":512}}");
        assertThat(read(Optional.empty(), UnaryOperator.identity()).manifest().getDecoding())
                .isEqualTo(new Decoding(0.6, 50, 0.9, 7L, 512));
        Path yaml = write("m.yaml", """
                objective: generation
                metric: gsm8k
                decoding: {temperature: 1, maxNewTokens: 64}
                """);
        assertThat(read(Optional.of(yaml), UnaryOperator.identity()).manifest().getDecoding())
                .isEqualTo(new Decoding(1.0, null, null, null, 64));
        assertThatThrownBy(() -> LocalDataset.read(
                        TASK,
                        directory,
                        Optional.of(yaml),
                        builder -> builder.setMetric("inverse_perplexity"),
                        UnaryOperator.identity()))
                .hasMessageContaining("decoding needs a metric of generated texts")
                .hasMessageContaining("'inverse_perplexity' is not");
    }

    @Test
    void aLineThatIsNoJsonIsNamedByItsNumber() throws IOException {
        write("train.jsonl", "{\"text\":\"good\",\"label\":1}\n{oops\n");
        assertThatThrownBy(() -> read(Optional.empty(), UnaryOperator.identity()))
                .hasMessageContaining("train.jsonl, line 2, column 2: a field's name in double quotes is due, not 'o'");
    }

    @Test
    void aRecordInOtherWordsIsReadByTheManifestsFieldNamesAndSentInOurs() throws IOException {
        write("train.jsonl", "{\"row\":{\"nr\":1,\"body\":\"good\"},\"stars\":true}\n");
        write("eval.jsonl", "{\"row\":{\"nr\":2,\"body\":\"bad\"},\"stars\":0}\n");
        Path yaml = write("m.yaml", """
                labels: [negative, positive]
                fields: {id: row.nr, text: row.body, label: stars}
                """);
        LocalDataset dataset = read(Optional.of(yaml), UnaryOperator.identity());
        assertThat(dataset.refused().count()).isZero();
        assertThat(dataset.records())
                .extracting(record ->
                        "%s %s %s %s".formatted(record.getId(), record.getSplit(), record.getText(), record.getLabel()))
                .containsExactly("1 train good 1", "2 eval bad 0");
    }

    @Test
    void aLineWithoutTheFieldIsSaidWithWhatItHas() throws IOException {
        write("train.jsonl", "{\"sentence\":\"good\",\"label\":1}\n");
        assertThat(read(Optional.empty(), UnaryOperator.identity()).refused().reason())
                .contains("train.jsonl, line 1: field 'text' is missing; the record has 'sentence', 'label'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"text\":\"a\",\"label\":1}{\"text\":\"b\",\"label\":0} | MALFORMED_FILE | line 1, column 23: a second object",
                "{\"text\":\"a\",\"label\":NaN}                       | MALFORMED_FILE | field 'label' holds NaN",
                "{\"text\":[\"a\",\"b\"],\"label\":1}               | INVALID_FIELD  | line 1: field 'text' is a list of texts (2)",
                "{\"text\":\"a\",\"label\":[0,1]}                     | INVALID_FIELD  | line 1: field 'label' is a list of numbers (2)",
            })
    void whatCannotBeSentStopsThePushBeforeAnythingIsSent(String line, ErrorCode code, String words)
            throws IOException {
        write("train.jsonl", line + "\n");
        assertThatThrownBy(() -> read(Optional.empty(), UnaryOperator.identity()))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void whatWasReadAndPassedOverIsSaidBeforeAnythingIsSent() throws IOException {
        assertThat(read(Optional.empty(), UnaryOperator.identity()).notes())
                .startsWith("train.jsonl: 3 records, 1 blank lines passed over", "eval.jsonl: 3 records")
                .anyMatch(note -> note.startsWith("1 of 6 records will be put aside; the first: UNKNOWN_LABEL"));
        Files.delete(directory.resolve("eval.jsonl"));
        assertThat(read(Optional.empty(), UnaryOperator.identity()).notes())
                .anyMatch(
                        note -> note.startsWith("there is no eval.jsonl: of records without a split, a share of 0.1"));
    }

    @Test
    void aBadDescriptionIsNamedInOurWords() throws IOException {
        write("meta.json", "{\"task\":\"classification\",\"labels\":{\"0\":\"negative\",\"1\":\"positive\"}}");
        assertThatThrownBy(() -> read(Optional.empty(), UnaryOperator.identity()))
                .hasMessageContaining(
                        "meta.json: field 'labels' is an object with '0', '1', not the list of the classes' names");
        Path yaml = write("m.yaml", "labels: [a, b\nmetric: f1\n");
        assertThatThrownBy(() -> read(Optional.of(yaml), UnaryOperator.identity()))
                .hasMessageEndingWith("m.yaml, line 2, column 7: this is not YAML");
        Path json = write("m.json", "{\"labels\": [\"a\" \"b\"]}");
        assertThatThrownBy(() -> read(Optional.of(json), UnaryOperator.identity()))
                .hasMessageEndingWith("m.json, line 1, column 17: a ',' or ']' is due, not '\"'");
    }

    @Test
    void withoutEvalFileTheManifestsShareDecides() throws IOException {
        Files.delete(directory.resolve("eval.jsonl"));
        assertThat(read(Optional.empty(), UnaryOperator.identity()).records())
                .allSatisfy(record -> assertThat(record.getSplit()).isNull());
    }

    @Test
    void aDirectoryWithoutRecordsOrDescriptionIsRefused() throws IOException {
        Files.delete(directory.resolve("meta.json"));
        assertThatThrownBy(() -> read(Optional.empty(), UnaryOperator.identity()))
                .hasMessageContaining("--manifest");
        Files.delete(directory.resolve("train.jsonl"));
        assertThatThrownBy(() -> read(Optional.empty(), UnaryOperator.identity()))
                .hasMessageContaining("holds no train.jsonl; it holds 'eval.jsonl'");
    }

    private LocalDataset read(Optional<Path> manifest, UnaryOperator<Recipe> recipe) {
        return LocalDataset.read(TASK, directory, manifest, recipe);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void conversationsAreSentAsTheyAreAndJudgedByTheirTemplate() throws IOException {
        write("meta.json", """
                {"task":"generation","chatTemplate":{"template":
                "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}{{ m.role }}: {{ m.content }}\\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"}}
                """);
        String good =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}\n";
        write("train.jsonl", good + good.replace("user", "system"));
        write("eval.jsonl", good);
        LocalDataset dataset = read(Optional.empty(), UnaryOperator.identity());
        assertThat(dataset.records()).hasSize(3);
        assertThat(dataset.records().get(0).getMessages())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]");
        assertThat(dataset.refused().count()).isEqualTo(1);
        assertThat(dataset.refused().reason())
                .startsWith("TEMPLATE_REFUSED")
                .contains("train.jsonl, line 2: the chat template refuses it: no system");
    }
}
