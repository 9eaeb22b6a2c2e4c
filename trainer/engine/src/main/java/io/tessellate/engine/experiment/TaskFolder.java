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
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
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

    /** The same task under another name. */
    TaskFolder named(String other) {
        return new TaskFolder(other, objective, labels, metric, train, eval);
    }

    /** The same task with at most so many examples in each split. */
    TaskFolder limited(int trainExamples, int evalExamples) {
        return new TaskFolder(
                name,
                objective,
                labels,
                metric,
                train.subList(0, Math.min(trainExamples, train.size())),
                eval.subList(0, Math.min(evalExamples, eval.size())));
    }

    /** A task of some of the classes alone, renumbered in their order. */
    TaskFolder only(List<Integer> classes) {
        if (objective != Objective.CLASSIFICATION || classes.stream().anyMatch(c -> c < 0 || c >= labels)) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "task '%s' has no classes %s: it is a %s with %d"
                            .formatted(name, classes, objective.name().toLowerCase(Locale.ROOT), labels));
        }
        return new TaskFolder(name, objective, classes.size(), metric, only(train, classes), only(eval, classes));
    }

    private static List<Example> only(List<Example> examples, List<Integer> classes) {
        return examples.stream()
                .filter(example -> classes.contains(example.label().classIndex()))
                .map(example -> new Example(
                        example.id(),
                        example.split(),
                        example.text(),
                        example.textPair(),
                        new Label.ClassIndex(classes.indexOf(example.label().classIndex()))))
                .toList();
    }

    /** SHA-256 over both splits, example by example. */
    Sha256 digest() {
        MessageDigest digest = Sha256.newDigest();
        Stream.concat(train.stream(), eval.stream())
                .forEach(example -> digest.update((example.split() + "\u0000" + example.text() + "\u0000"
                                + example.textPair() + "\u0000" + example.label() + "\n")
                        .getBytes(StandardCharsets.UTF_8)));
        return Sha256.of(digest);
    }
}
