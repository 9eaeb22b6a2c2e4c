package io.tessellate.engine.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.train.Objective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A task as a folder: {@code meta.json}, {@code train.jsonl}, {@code eval.jsonl}. Samples are drawn with a fixed seed, so
 * every arm sees the same.
 *
 * @param name the folder's name
 * @param labels number of classes, or 1 for a regression
 */
record TaskFolder(
        String name, Objective objective, int labels, Metric metric, List<Example> train, List<Example> eval) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SAMPLE_SEED = 7;

    static TaskFolder read(Path folder, int trainExamples, int evalExamples) {
        JsonNode meta = json(folder.resolve("meta.json"), text(folder.resolve("meta.json")));
        int labels = Math.max(1, meta.path("labels").size());
        Objective objective = labels == 1 ? Objective.REGRESSION : Objective.CLASSIFICATION;
        return new TaskFolder(
                folder.getFileName().toString(),
                objective,
                labels,
                metric(meta.path("metric").asText(), objective),
                sample(folder, Split.TRAIN, objective, trainExamples),
                sample(folder, Split.EVAL, objective, evalExamples));
    }

    /** The first metric that the description names. */
    private static Metric metric(String described, Objective objective) {
        String lower = described.toLowerCase(Locale.ROOT);
        return Stream.of(Metric.values())
                .filter(metric -> lower.contains(metric.label()))
                .filter(objective::fits)
                .findFirst()
                .orElse(objective == Objective.CLASSIFICATION ? Metric.ACCURACY : Metric.PEARSON);
    }

    private static List<Example> sample(Path folder, Split split, Objective objective, int limit) {
        Path file = folder.resolve(split.text() + ".jsonl");
        List<Example> examples = new ArrayList<>();
        text(file).lines().filter(line -> !line.isBlank()).forEach(line -> {
            JsonNode node = json(file, line);
            examples.add(example(node, split, objective));
        });
        Collections.shuffle(examples, new Random(SAMPLE_SEED));
        return List.copyOf(examples.subList(0, Math.min(limit, examples.size())));
    }

    private static Example example(JsonNode node, Split split, Objective objective) {
        Label label = objective == Objective.CLASSIFICATION
                ? new Label.ClassIndex(node.path("label").asInt(-1))
                : new Label.Real(node.path("label").asDouble(Double.NaN));
        return new Example(
                node.path("id").asText(null),
                split,
                node.path("text").asText(),
                node.path("text_pair").asText(null),
                label);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, file + " cannot be read", e);
        }
    }

    private static JsonNode json(Path file, String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, "%s holds no JSON: %s".formatted(file, text), e);
        }
    }

    /** The same task with its eval split replaced by the last part of its train split, for tuning. */
    TaskFolder heldOut(double share) {
        int kept = (int) Math.round((1 - share) * train.size());
        return new TaskFolder(
                name, objective, labels, metric, train.subList(0, kept), train.subList(kept, train.size()));
    }
}
