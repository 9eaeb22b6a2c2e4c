package io.tessellate.engine.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.MetricWords;
import io.tessellate.dataset.Split;
import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.model.ModelConfig;
import io.tessellate.engine.train.Measure;
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
import org.jspecify.annotations.Nullable;

/**
 * A task as a folder: {@code meta.json}, {@code train.jsonl}, {@code eval.jsonl}. Samples are drawn with a fixed seed, so
 * every arm sees the same.
 *
 * @param name the folder's name
 * @param labels number of classes, 1 for a regression and for choices, 0 where no head is trained
 * @param measure how it is measured; texts are decoded as {@code decoding} of {@code meta.json} says
 */
record TaskFolder(
        String name, Objective objective, int labels, Measure measure, List<Example> train, List<Example> eval) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SAMPLE_SEED = 7;

    /** Reads a folder for a model; INVALID_MANIFEST if what it asks for is not known or not for such a model. */
    static TaskFolder read(
            Path folder, ModelConfig model, @Nullable String metric, int trainExamples, int evalExamples) {
        String name = folder.getFileName().toString();
        JsonNode meta = json(folder.resolve("meta.json"), text(folder.resolve("meta.json")));
        String task = meta.path("objective").asText(meta.path("task").asText(""));
        List<Metric> wanted = metric != null
                ? List.of(Metric.named(metric))
                : MetricWords.in(meta.path("metric").asText("")).stream()
                        .map(Metric::named)
                        .toList();
        Kind kind = Kind.of(task.toLowerCase(Locale.ROOT), wanted, model, folder);
        List<Example> train = sample(folder, Split.TRAIN, kind, trainExamples);
        List<Example> eval = sample(folder, Split.EVAL, kind, evalExamples);
        Measure measure = new Measure(kind.metric(wanted), DecodingField.read(meta, folder));
        return new TaskFolder(name, kind.objective, kind.labels(meta), measure, train, eval);
    }

    /** What a record of a folder holds, and what is trained on it. */
    private enum Kind {
        CLASSES(Objective.CLASSIFICATION, Metric.ACCURACY),
        VALUES(Objective.REGRESSION, Metric.PEARSON),
        /** Choices through a head of the task's own. */
        CHOICES(Objective.MULTIPLE_CHOICE, Metric.ACCURACY),
        /** Choices by the decoder's own likelihood. */
        LIKELY_CHOICES(Objective.GENERATION, Metric.CHOICE_LIKELIHOOD),
        COMPLETIONS(Objective.GENERATION, Metric.INVERSE_PERPLEXITY);

        private final Objective objective;
        private final Metric usual;

        Kind(Objective objective, Metric usual) {
            this.objective = objective;
            this.usual = usual;
        }

        static Kind of(String words, List<Metric> wanted, ModelConfig model, Path folder) {
            if (words.contains("choice")) {
                return model.causal() && wanted.contains(Metric.CHOICE_LIKELIHOOD) ? LIKELY_CHOICES : CHOICES;
            }
            if (words.contains("classification")) {
                return CLASSES;
            }
            if (words.contains("regression")) {
                return VALUES;
            }
            if (!words.contains("completion") && !words.contains("generation")) {
                throw new TessellateException(
                        ErrorCode.INVALID_MANIFEST,
                        "%s: task '%s' is no classification, regression, multiple choice or generation"
                                .formatted(folder, words));
            }
            if (!model.causal()) {
                throw new TessellateException(
                        ErrorCode.INVALID_MANIFEST,
                        "%s is a generation task, which needs a decoder, and a model of type '%s' is none"
                                .formatted(folder, model.modelType()));
            }
            return COMPLETIONS;
        }

        int labels(JsonNode meta) {
            return switch (this) {
                case CLASSES -> meta.path("labels").size();
                case VALUES, CHOICES -> 1;
                case LIKELY_CHOICES, COMPLETIONS -> 0;
            };
        }

        /** The first metric asked for that measures this. */
        Metric metric(List<Metric> wanted) {
            return wanted.stream()
                    .filter(metric -> this == LIKELY_CHOICES == (metric == Metric.CHOICE_LIKELIHOOD))
                    .filter(objective::fits)
                    .findFirst()
                    .orElse(usual);
        }

        Label label(JsonNode node) {
            return switch (this) {
                case CLASSES -> new Label.ClassIndex(node.path("label").asInt(-1));
                case VALUES -> new Label.Real(node.path("label").asDouble(Double.NaN));
                case COMPLETIONS -> new Label.Completion(node.path("completion").asText());
                case CHOICES, LIKELY_CHOICES -> {
                    List<String> choices = new ArrayList<>();
                    node.path("choices").forEach(choice -> choices.add(choice.asText()));
                    yield new Label.Choice(node.path("label").asInt(-1), choices);
                }
            };
        }

        String text(JsonNode node) {
            return switch (this) {
                case CLASSES, VALUES -> node.path("text").asText();
                case CHOICES, LIKELY_CHOICES, COMPLETIONS -> node.path("prompt").asText();
            };
        }
    }

    private static List<Example> sample(Path folder, Split split, Kind kind, int limit) {
        Path file = folder.resolve(split.text() + ".jsonl");
        List<Example> examples = new ArrayList<>();
        text(file).lines().filter(line -> !line.isBlank()).forEach(line -> {
            JsonNode node = json(file, line);
            examples.add(example(node, split, kind));
        });
        Collections.shuffle(examples, new Random(SAMPLE_SEED));
        return List.copyOf(examples.subList(0, Math.min(limit, examples.size())));
    }

    private static Example example(JsonNode node, Split split, Kind kind) {
        return new Example(
                node.path("id").asText(null),
                split,
                kind.text(node),
                node.path("text_pair").asText(null),
                kind.label(node));
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
                name, objective, labels, measure, train.subList(0, kept), train.subList(kept, train.size()));
    }

    /** The same task under another name. */
    TaskFolder named(String other) {
        return new TaskFolder(other, objective, labels, measure, train, eval);
    }

    /** The same task with at most so many examples in each split. */
    TaskFolder limited(int trainExamples, int evalExamples) {
        return new TaskFolder(
                name,
                objective,
                labels,
                measure,
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
        return new TaskFolder(name, objective, classes.size(), measure, only(train, classes), only(eval, classes));
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
