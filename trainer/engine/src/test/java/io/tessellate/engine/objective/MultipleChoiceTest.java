package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.mask.adapter.Adapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultipleChoiceTest {
    @TempDir
    private Path directory;

    @Test
    void theLossIsTheCrossEntropyOverAnExamplesOwnChoices() {
        float[] logits = {1, 2, 0, 3, 5};
        float[] gradient = new float[5];
        double loss = Targets.choices(new int[] {3, 2}, new int[] {1, 0}).loss(logits, 1, 1, gradient);
        double first = Math.log(Math.exp(1) + Math.exp(2) + 1) - 2;
        double second = Math.log(Math.exp(3) + Math.exp(5)) - 3;
        assertThat(loss).isCloseTo((first + second) / 2, within(1e-12));
        assertThat(gradient[0] + gradient[1] + gradient[2]).isCloseTo(0, within(1e-7f));
        for (int i = 0; i < logits.length; i++) {
            assertThat((double) gradient[i]).isCloseTo(slope(logits, i), within(1e-4));
        }
    }

    private static double slope(float[] logits, int i) {
        float[] above = logits.clone();
        float[] below = logits.clone();
        above[i] += 1e-2f;
        below[i] -= 1e-2f;
        Targets targets = Targets.choices(new int[] {3, 2}, new int[] {1, 0});
        return (targets.loss(above, 1, 1, new float[5]) - targets.loss(below, 1, 1, new float[5]))
                / (above[i] - below[i]);
    }

    @Test
    void teachingChoicesByTheirOwnLogitsLosesNothing() {
        float[] logits = {1, 2, 0, 3, 5};
        float[] gradient = new float[5];
        Targets own = Targets.softChoices(logits, new int[] {3, 2}, 2);
        assertThat(own.size()).isEqualTo(5);
        assertThat(own.loss(logits, 1, 1, gradient)).isCloseTo(0, within(1e-12));
        assertThat(gradient).containsOnly(0);
        assertThat(own.loss(new float[5], 1, 1, gradient)).isPositive();
    }

    @Test
    void aTaskOfChoicesIsLearntReplayedAndKept() {
        try (TrainingFixture model = new TrainingFixture()) {
            StreamTask first = ToyTasks.choices("first", 1, 300);
            StreamTask second = ToyTasks.choices("second", 2, 200);
            Recipe recipe = Recipe.of(Map.of("method", "lotto", "epochs", 10, "learningRate", 5e-3));
            Adapter adapter = model.train(first, recipe, directory.resolve("1")).adapter();
            model.commit(first, adapter);
            Score learnt =
                    model.score(first, model.views().union(), model.views().head(0));
            assertThat(learnt.value()).isGreaterThan(0.6);

            Recipe replaying = recipe.with("epochs", 2).with("replayShare", 0.25);
            model.commit(
                    second,
                    model.train(second, replaying, directory.resolve("2")).adapter());
            Score later =
                    model.score(first, model.views().task(0), model.views().head(0));
            assertThat(later.digest()).isEqualTo(learnt.digest());
        }
    }

    @Test
    void questionsOfArcEasyGoThroughTheSmallRealEncoder() throws IOException {
        Path data = RealData.require("arc_easy");
        BaseModel base = BaseModel.load(RealData.require("models/bert-tiny-8k-selfpretrained"));
        List<Example> examples = read(data.resolve("eval.jsonl"), 40);
        Recipe recipe = Recipe.of(Map.of("maxLength", 64));
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe);
                Weights weights = base.weights(TrainingFixture.BACKEND);
                Encoder encoder = new Encoder(TrainingFixture.BACKEND, base.config())) {
            List<EncodedExample> encoded = encoding.encode(HeadObjective.MULTIPLE_CHOICE, examples);
            assertThat(encoded.get(0).sequences())
                    .hasSize(((Label.Choice) examples.get(0).label()).choices().size());
            Head head = Head.initial(1, Encoder.features(base.config()), new Random(1));
            Score score = new HeadScorer(encoder, base.config(), HeadObjective.MULTIPLE_CHOICE)
                    .score(weights, head, Measure.by(MetricName.ACCURACY), encoded);
            assertThat(score.value()).isBetween(0.05, 0.7);
        }
    }

    private static List<Example> read(Path file, int count) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Example> examples = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : lines.limit(count).toList()) {
                JsonNode row = json.readTree(line);
                List<String> choices = new ArrayList<>();
                row.path("choices").forEach(choice -> choices.add(choice.asText()));
                Label label = new Label.Choice(row.path("label").asInt(), choices);
                examples.add(Example.eval(row.path("prompt").asText(), label));
            }
        }
        return examples;
    }
}
