package io.tessellate.engine.train.curriculum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What batches of similar length gain: seconds of forward and backward over the same examples of a real task, windows in
 * alternation. Run by hand; {@code docs/results/bucketing.md} holds what it printed.
 *
 * <pre>BucketingBenchmark DATA [ROUNDS] [MODEL] [fp32|mixed] [BACKEND] [token_and_mean|token] [EXAMPLES]</pre>
 */
final class BucketingBenchmark {
    private static final int[] WINDOWS = {1, 8, 32};
    private static final int BATCH = 16;

    private BucketingBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        String model = arguments.length > 2 ? arguments[2] : "bert-tiny-8k-selfpretrained";
        Precision precision =
                Precision.valueOf((arguments.length > 3 ? arguments[3] : "fp32").toUpperCase(Locale.ROOT));
        BaseModel base = BaseModel.load(RealData.require("models/" + model));
        Features features =
                Features.valueOf((arguments.length > 5 ? arguments[5] : "token_and_mean").toUpperCase(Locale.ROOT));
        int count = arguments.length > 6 ? Integer.parseInt(arguments[6]) : 960;
        List<EncodedExample> examples = examples(base, RealData.require(arguments[0]), count);
        Head head = Head.initial(14, features.width(base.config().hidden()), new Random(1));
        double[][] seconds = new double[WINDOWS.length][rounds];
        Backend backend = precision.of(Backends.open(arguments.length > 4 ? arguments[4] : Backends.HOST));
        try (Weights weights = base.weights(backend);
                Encoder encoder = new Encoder(backend, base.config());
                Gradients gradients = new Gradients(backend, TrainableTensors.all(weights.layout()))) {
            for (int round = -1; round < rounds; round++) {
                for (int w = 0; w < WINDOWS.length; w++) {
                    double taken =
                            epoch(base, weights, encoder, gradients, head, batches(examples, WINDOWS[w]), examples);
                    if (round >= 0) {
                        seconds[w][round] = taken;
                    }
                }
            }
        }
        for (int w = 0; w < WINDOWS.length; w++) {
            Arrays.sort(seconds[w]);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s, %s, %s window %2d: median %.2f s, least %.2f s, padding %.1f %% of the slots, %d lengths%n",
                    model,
                    precision.label(),
                    features.name().toLowerCase(Locale.ROOT),
                    arguments[0],
                    WINDOWS[w],
                    seconds[w][rounds / 2],
                    seconds[w][0],
                    100 * padding(examples, WINDOWS[w]),
                    lengths(examples, WINDOWS[w]));
        }
    }

    private static List<EncodedExample> examples(BaseModel base, Path folder, int count) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Example> examples = new ArrayList<>();
        try (Stream<String> lines = Files.lines(folder.resolve("train.jsonl"))) {
            for (String line : lines.limit(count).toList()) {
                JsonNode row = json.readTree(line);
                examples.add(Example.train(
                        row.path("text").asText(),
                        new Label.ClassIndex(row.path("label").asInt())));
            }
        }
        try (Encoding encoding =
                Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of("maxLength", 128)))) {
            return encoding.encode(HeadObjective.CLASSIFICATION, examples);
        }
    }

    private static List<int[]> batches(List<EncodedExample> examples, int window) {
        int[] lengths = examples.stream().mapToInt(EncodedExample::length).toArray();
        return new BatchOrder(lengths, BATCH, window, new Seeds(0), "train").epoch(0);
    }

    private static double epoch(
            BaseModel base,
            Weights weights,
            Encoder encoder,
            Gradients gradients,
            Head head,
            List<int[]> batches,
            List<EncodedExample> examples) {
        HeadGradients headGradients = HeadGradients.of(head);
        long start = System.nanoTime();
        for (int[] members : batches) {
            List<EncodedExample> drawn =
                    IntStream.of(members).mapToObj(examples::get).toList();
            gradients.zero();
            encoder.backward(
                    weights,
                    head,
                    new Step(
                            EncodedExample.batch(drawn, base.config()),
                            HeadObjective.CLASSIFICATION.targets(drawn),
                            1,
                            Dropout.none()),
                    gradients,
                    headGradients);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Share of the slots, padded to the longest of a batch in eights, that hold no token. */
    private static double padding(List<EncodedExample> examples, int window) {
        long slots = 0;
        long tokens = 0;
        for (int[] batch : batches(examples, window)) {
            slots += (long) batch.length * padded(examples, batch);
            tokens += IntStream.of(batch).map(i -> examples.get(i).length()).sum();
        }
        return 1 - (double) tokens / slots;
    }

    private static long lengths(List<EncodedExample> examples, int window) {
        return batches(examples, window).stream()
                .mapToInt(batch -> padded(examples, batch))
                .distinct()
                .count();
    }

    private static int padded(List<EncodedExample> examples, int[] batch) {
        int longest =
                IntStream.of(batch).map(i -> examples.get(i).length()).max().orElseThrow();
        return (longest + 7) / 8 * 8;
    }
}
