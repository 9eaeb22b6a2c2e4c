package io.tessellate.experiment.task;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.folder.DatasetFolder;
import io.tessellate.dataset.folder.MetaFile;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.Outcome;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.nio.charset.StandardCharsets;
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
public record TaskFolder(
        String name,
        TrainingObjective objective,
        int labels,
        Measure measure,
        List<Example> train,
        List<Example> eval) {
    /** Of the samples that every arm and seed sees, where a plan does not ask for others. */
    public static final long SAMPLE_SEED = 7;

    /** The folder does not say whose task it is, and nothing of it depends on that. */
    private static final TaskId NAMELESS = TaskId.of("experiment", "task");

    /** Reads a folder for a model, always the same samples; INVALID_MANIFEST if what it asks for is not known or not for such a model. */
    public static TaskFolder read(
            Path folder, ModelConfig model, @Nullable String metric, int trainExamples, int evalExamples) {
        return read(folder, model, metric, trainExamples, evalExamples, SAMPLE_SEED);
    }

    /**
     * The same with another sample of the train split; the eval split's stays.
     *
     * @param sample its seed
     */
    public static TaskFolder read(
            Path folder, ModelConfig model, @Nullable String metric, int trainExamples, int evalExamples, long sample) {
        DatasetFolder dataset = new DatasetFolder(folder);
        MetaFile meta = dataset.meta();
        List<MetricName> wanted = metric != null ? List.of(MetricName.named(metric)) : meta.metrics();
        requireTrainable(meta.objective(), model, folder);
        Manifest manifest = meta.manifest(NAMELESS, metric(meta.objective(), wanted, model));
        TrainingObjective objective = TrainingObjective.of(manifest, model);
        return new TaskFolder(
                folder.getFileName().toString(),
                objective,
                objective.outputs(manifest.labels().size()),
                new Measure(manifest.metric(), manifest.decoding()),
                sample(dataset, Split.TRAIN, manifest, trainExamples, sample),
                sample(dataset, Split.EVAL, manifest, evalExamples, SAMPLE_SEED));
    }

    private static void requireTrainable(Objective objective, ModelConfig model, Path folder) {
        if (objective == Objective.GENERATION && !model.causal()) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST,
                    "%s is a generation task, which needs a decoder, and a model of type '%s' is none"
                            .formatted(folder, model.modelType()));
        }
    }

    /** The first metric asked for that fits. Choices go by likelihood wherever that is asked for and the model can tell. */
    private static MetricName metric(Objective objective, List<MetricName> wanted, ModelConfig model) {
        boolean byLikelihood = objective == Objective.MULTIPLE_CHOICE
                && model.causal()
                && wanted.contains(MetricName.CHOICE_LIKELIHOOD);
        return wanted.stream()
                .filter(metric -> byLikelihood == (metric == MetricName.CHOICE_LIKELIHOOD))
                .filter(metric -> metric.fits(objective))
                .findFirst()
                .orElse(objective.usualMetric());
    }

    /** Records are of their file's split, whatever split they name. */
    private static List<Example> sample(DatasetFolder folder, Split split, Manifest manifest, int limit, long seed) {
        ExampleReader reader = new ExampleReader(manifest, Integer.MAX_VALUE);
        List<Example> examples = new ArrayList<>();
        folder.read(split, (line, fields) -> {
            fields.put("split", split.text());
            examples.add(example(folder.file(split), line, reader.read(fields, split)));
        });
        Collections.shuffle(examples, new Random(seed));
        return List.copyOf(examples.subList(0, Math.min(limit, examples.size())));
    }

    private static Example example(Path file, int line, Outcome outcome) {
        if (outcome instanceof Outcome.Refused no) {
            throw new TessellateException(no.code(), "%s, line %d: %s".formatted(file, line, no.reason()));
        }
        return ((Outcome.Accepted) outcome).example();
    }

    /** The same task with its eval split replaced by the last part of its train split, for tuning. */
    public TaskFolder heldOut(double share) {
        int kept = (int) Math.round((1 - share) * train.size());
        return new TaskFolder(
                name, objective, labels, measure, train.subList(0, kept), train.subList(kept, train.size()));
    }

    /** The same task under another name. */
    public TaskFolder named(String other) {
        return new TaskFolder(other, objective, labels, measure, train, eval);
    }

    /** The same task with at most so many examples in each split. */
    public TaskFolder limited(int trainExamples, int evalExamples) {
        return new TaskFolder(
                name,
                objective,
                labels,
                measure,
                train.subList(0, Math.min(trainExamples, train.size())),
                eval.subList(0, Math.min(evalExamples, eval.size())));
    }

    /** A task of some of the classes alone, renumbered in their order. */
    public TaskFolder only(List<Integer> classes) {
        if (objective != HeadObjective.CLASSIFICATION || classes.stream().anyMatch(c -> c < 0 || c >= labels)) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "task '%s' has no classes %s: it is a %s with %d"
                            .formatted(name, classes, objective.toString().toLowerCase(Locale.ROOT), labels));
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
    public Sha256 digest() {
        MessageDigest digest = Sha256.newDigest();
        Stream.concat(train.stream(), eval.stream())
                .forEach(example -> digest.update((example.split() + "\u0000" + example.text() + "\u0000"
                                + example.textPair() + "\u0000" + example.label() + "\n")
                        .getBytes(StandardCharsets.UTF_8)));
        return Sha256.of(digest);
    }
}
