package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.train.Trainer;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.grant.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choices compared by how likely a real decoder finds them, token for token. */
class ChoiceLikelihoodTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final BaseModel base = BaseModel.load(RealData.require("models/stories260k"));

    private static List<JsonNode> rows(String split, int count) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (Stream<String> lines = Files.lines(RealData.require("arc_easy").resolve(split + ".jsonl"))) {
            for (String line : lines.limit(count).toList()) {
                rows.add(JSON.readTree(line));
            }
        }
        return rows;
    }

    private static Example example(JsonNode row) {
        List<String> choices = new ArrayList<>();
        row.path("choices").forEach(choice -> choices.add(choice.asText()));
        return Example.eval(
                row.path("prompt").asText(), new Label.Choice(row.path("label").asInt(), choices));
    }

    private List<EncodedExample> encode(List<Example> examples) {
        Recipe recipe = Recipe.of(Map.of("maxLength", 256));
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe)) {
            return encoding.encode(TextObjective.GENERATION, examples);
        }
    }

    @Test
    void theRightChoiceIsTrainedOnAsTheDataSetsCompletionIs() throws IOException {
        List<JsonNode> rows = rows("train", 40);
        List<EncodedExample> chosen =
                encode(rows.stream().map(ChoiceLikelihoodTest::example).toList());
        List<EncodedExample> completed = encode(rows.stream()
                .map(row -> Example.train(
                        row.path("prompt").asText(),
                        new Label.Completion(row.path("completion").asText())))
                .toList());
        for (int i = 0; i < chosen.size(); i++) {
            assertThat(chosen.get(i).sequences()).isEqualTo(completed.get(i).sequences());
            assertThat(chosen.get(i).target()).isEqualTo(completed.get(i).target());
            assertThat(chosen.get(i).rivals().completions())
                    .hasSize(rows.get(i).path("choices").size());
        }
    }

    @Test
    void theChoiceWithTheHighestMeanLogProbabilityOfItsTokensIsTaken() throws IOException {
        List<EncodedExample> examples = encode(
                rows("eval", 12).stream().map(ChoiceLikelihoodTest::example).toList());
        try (Weights weights = base.weights(TrainingFixture.BACKEND);
                LanguageModel model = new LanguageModel(TrainingFixture.BACKEND, base.config());
                Tokenizer tokenizer =
                        Tokenizer.load(base.tokenizerFile(), base.config().maxPositions())) {
            Score score = new TextScorer(model, tokenizer, EndTokens.of(base.directory()))
                    .score(weights, Head.none(), Measure.by(MetricName.CHOICE_LIKELIHOOD), examples);
            int hits = 0;
            for (int i = 0; i < examples.size(); i++) {
                EncodedExample.Rivals rivals = examples.get(i).rivals();
                double[] means = rivals.completions().stream()
                        .mapToDouble(rival -> meanLogProbability(model, weights, rival))
                        .toArray();
                int best = 0;
                for (int c = 1; c < means.length; c++) {
                    best = means[c] > means[best] ? c : best;
                }
                assertThat((int) score.prediction(i)).isEqualTo(best);
                assertThat(score.hit(i)).isEqualTo(best == rivals.right());
                hits += score.hit(i) ? 1 : 0;
            }
            assertThat(score.value()).isEqualTo(hits / 12.0);
        }
    }

    /** Slow and obvious: from the logits at every token; the end token is not one of a choice's. */
    private double meanLogProbability(LanguageModel model, Weights weights, EncodedExample rival) {
        TokenSequence tokens = rival.sequences().get(0);
        int vocabulary = base.config().vocabulary();
        float[] logits = model.logits(weights, Batch.of(List.of(tokens), base.config()), 0);
        double sum = 0;
        int first = (int) rival.target();
        for (int i = first; i < tokens.length(); i++) {
            float[] row = Arrays.copyOfRange(logits, (i - 1) * vocabulary, i * vocabulary);
            double all = 0;
            for (float logit : row) {
                all += Math.exp(logit);
            }
            sum += row[tokens.ids()[i]] - Math.log(all);
        }
        return sum / (tokens.length() - first);
    }

    @Test
    void questionsOfArcEasyAreLearntByHeartWithoutAHead() throws IOException {
        List<EncodedExample> examples = encode(
                rows("train", 16).stream().map(ChoiceLikelihoodTest::example).toList());
        Recipe recipe = Recipe.of(
                Map.of("method", "full", "epochs", 25, "learningRate", 3e-3, "batchSize", 8, "maxLength", 256));
        try (Views views = new Views(base.weights(TrainingFixture.BACKEND), List.of());
                TaskScorer scorer = new TaskScorer(TrainingFixture.BACKEND, base)) {
            Mask none = Mask.none(base.layout().eligible());
            ParentVersion parent =
                    new ParentVersion(base.config(), base.digest(), VersionDigest.base(base.digest()), views, none);
            TaskData data = new TaskData(TaskId.of("toy", "arc"), TextObjective.GENERATION, 0, examples);
            TrainingOutcome outcome = new Trainer(TrainingFixture.BACKEND)
                    .train(
                            new TrainingJob(new RunId("run-1"), recipe, data, parent, Grant.of(1), List.of()),
                            TrainingControl.unattended(new CheckpointStore(directory)));
            assertThat(outcome.adapter().head()).isEmpty();
            views.commit(outcome.adapter());
            Score untrained = score(scorer, views.base(), views, examples);
            assertThat(untrained.value()).isLessThan(0.7);
            assertThat(score(scorer, views.union(), views, examples).value()).isGreaterThan(0.9);
        }
    }

    private static Score score(TaskScorer scorer, Weights weights, Views views, List<EncodedExample> examples) {
        return scorer.score(
                weights, views.head(0), TextObjective.GENERATION, Measure.by(MetricName.CHOICE_LIKELIHOOD), examples);
    }
}
