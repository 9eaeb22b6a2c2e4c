package io.tessellate.engine.objective;

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
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.curriculum.BatchOrder;
import io.tessellate.engine.train.curriculum.Packs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What packed sequences gain: seconds of forward and backward over the same completions, packed and not in alternation. Run
 * by hand; {@code docs/results/packing.md} holds what it printed.
 */
final class PackingBenchmark {
    private static final int EXAMPLES = 640;
    private static final int ROOM = 512;
    private static final int WINDOW = 8;

    private PackingBenchmark() {}

    /** A way to form batches. */
    private record Way(String name, List<int[]> batches) {}

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        BaseModel base = BaseModel.load(RealData.require("models/stories260k"));
        List<EncodedExample> examples = examples(base);
        int[] lengths = examples.stream().mapToInt(EncodedExample::length).toArray();
        List<Way> ways = List.of(unpacked(lengths, 4), unpacked(lengths, 16), packed(lengths, 4), packed(lengths, 16));
        double[][] seconds = new double[ways.size()][rounds];
        Backend backend = Backends.open(Backends.HOST);
        try (Weights weights = base.weights(backend);
                LanguageModel model = new LanguageModel(backend, base.config());
                Gradients gradients = new Gradients(backend, TrainableTensors.all(weights.layout()))) {
            for (int round = -1; round < rounds; round++) {
                for (int w = 0; w < ways.size(); w++) {
                    double taken =
                            epoch(new CompletionLearner(model), weights, gradients, examples, ways.get(w).batches);
                    if (round >= 0) {
                        seconds[w][round] = taken;
                    }
                }
            }
        }
        long tokens = IntStream.of(lengths).sum();
        for (int w = 0; w < ways.size(); w++) {
            Arrays.sort(seconds[w]);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d steps, %.0f tokens a step, %.0f tokens/s by the median, %.0f by the best%n",
                    ways.get(w).name,
                    ways.get(w).batches.size(),
                    (double) tokens / ways.get(w).batches.size(),
                    tokens / seconds[w][rounds / 2],
                    tokens / seconds[w][0]);
        }
    }

    private static Way unpacked(int[] lengths, int batch) {
        return new Way(batch + " examples", new BatchOrder(lengths, batch, WINDOW, new Seeds(0), "train").epoch(0));
    }

    private static Way packed(int[] lengths, int batch) {
        Packs packs = Packs.of(lengths, ROOM, batch * WINDOW, new Seeds(0).of("packs/train"));
        double fill = (double) IntStream.of(lengths).sum() / packs.members().size() / ROOM;
        return new Way(
                String.format(Locale.ROOT, "%d packed sequences of %d, %.0f %% full", batch, ROOM, 100 * fill),
                new BatchOrder(packs, lengths, batch, WINDOW, new Seeds(0), "train").epoch(0));
    }

    private static List<EncodedExample> examples(BaseModel base) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Example> examples = new ArrayList<>();
        try (Stream<String> lines =
                Files.lines(RealData.require("sql_create_context").resolve("train.jsonl"))) {
            for (String line : lines.limit(EXAMPLES).toList()) {
                JsonNode row = json.readTree(line);
                examples.add(Example.train(
                        row.path("prompt").asText(),
                        new Label.Completion(row.path("completion").asText())));
            }
        }
        Recipe recipe = Recipe.of(Map.of("maxLength", ROOM));
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe)) {
            return encoding.encode(TextObjective.GENERATION, examples);
        }
    }

    private static double epoch(
            CompletionLearner learner,
            Weights weights,
            Gradients gradients,
            List<EncodedExample> examples,
            List<int[]> batches) {
        long start = System.nanoTime();
        for (int[] members : batches) {
            List<EncodedExample> drawn =
                    IntStream.of(members).mapToObj(examples::get).toList();
            gradients.zero();
            learner.backward(
                    weights,
                    Head.none(),
                    new Learner.Part(drawn, 1, Dropout.none()),
                    new Learner.Sums(gradients, HeadGradients.none()));
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
