package io.tessellate.pipeline.push;

import io.tessellate.dataset.DatasetDigest;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.ExampleReader;
import io.tessellate.dataset.ManifestRules;
import io.tessellate.dataset.Outcome;
import io.tessellate.dataset.RecipeText;
import io.tessellate.dataset.Split;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A dataset that has not been sent yet: what it is, its records, and the digest ingest will find.
 *
 * @param manifest checked, CLOSED, with the number of records and the digest
 * @param records in the order in which they are sent
 * @param digest content digest of the records that the manifest's rules accept
 * @param refused records that ingest will put aside, with the reason of the first
 */
public record LocalDataset(TaskManifest manifest, List<TaskExample> records, Sha256 digest, Refused refused) {
    public LocalDataset {
        records = List.copyOf(records);
    }

    /**
     * Records that break the manifest's rules.
     *
     * @param count how many
     * @param reason of the first; empty if there is none
     */
    public record Refused(long count, String reason) {}

    /**
     * Reads {@code train.jsonl} and, if it is there, {@code eval.jsonl} of a directory.
     *
     * @param manifest manifest file; empty: {@code meta.json} of the directory
     * @param recipe changes to the manifest's recipe
     */
    public static LocalDataset read(
            TaskId task, Path directory, Optional<Path> manifest, UnaryOperator<Recipe> recipe) {
        return read(task, directory, manifest, builder -> {}, recipe);
    }

    /**
     * The same, with other changes to what manifest or meta say.
     *
     * @param changes made before anything is checked
     */
    public static LocalDataset read(
            TaskId task,
            Path directory,
            Optional<Path> manifest,
            Consumer<TaskManifest.Builder> changes,
            UnaryOperator<Recipe> recipe) {
        Path train = directory.resolve("train.jsonl");
        Path eval = directory.resolve("eval.jsonl");
        Path meta = directory.resolve("meta.json");
        if (!Files.isRegularFile(train)) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, directory + " holds no train.jsonl");
        }
        if (manifest.isEmpty() && !Files.isRegularFile(meta)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, directory + " holds no meta.json; name a manifest with --manifest");
        }
        TaskManifest.Builder builder =
                manifest.map(file -> ManifestFile.manifest(file, task)).orElseGet(() -> ManifestFile.meta(meta, task));
        changes.accept(builder);
        List<TaskExample> records = new ArrayList<>();
        if (Files.isRegularFile(eval)) {
            records.addAll(JsonLines.read(train, Split.TRAIN));
            records.addAll(JsonLines.read(eval, Split.EVAL));
        } else {
            records.addAll(JsonLines.read(train, null));
        }
        Recipe given = builder.hasRecipe() && builder.getRecipe() != null
                ? builder.getRecipe()
                : Recipe.newBuilder().build();
        return of(builder.setRecipe(recipe.apply(given)).build(), records);
    }

    /** A dataset from memory; the manifest's count and digest are filled in. */
    public static LocalDataset of(TaskManifest manifest, List<TaskExample> records) {
        ManifestRules.require(manifest);
        if (records.isEmpty()) {
            throw new TessellateException(ErrorCode.EMPTY_SPLIT, "the dataset has no records");
        }
        ExampleReader reader = new ExampleReader(manifest);
        DatasetDigest digest = new DatasetDigest();
        ExampleDigest examples = new ExampleDigest();
        Set<String> seen = new HashSet<>();
        long refused = 0;
        String reason = "";
        for (TaskExample record : records) {
            Outcome outcome = reader.read(record);
            if (outcome instanceof Outcome.Accepted accepted) {
                if (isNew(accepted.example(), seen)) {
                    digest.add(examples.of(accepted.example()));
                }
            } else if (outcome instanceof Outcome.Refused no) {
                reason = refused == 0 ? "%s: %s".formatted(no.code(), no.reason()) : reason;
                refused++;
            }
        }
        TaskManifest complete = TaskManifest.newBuilder(manifest)
                .setState(io.tessellate.event.DatasetState.CLOSED)
                .setExpectedRecords((long) records.size())
                .setDatasetDigest(digest.value().hex())
                .build();
        return new LocalDataset(complete, records, digest.value(), new Refused(refused, reason));
    }

    private static boolean isNew(Example example, Set<String> seen) {
        return example.id() == null || seen.add(example.split() + " " + example.id());
    }

    /** The task it is for. */
    public TaskId task() {
        return TaskId.of(manifest.getModel(), manifest.getTask());
    }

    /** The run that will train on it. */
    public RunId run() {
        return RunId.of(task(), digest, RecipeText.of(manifest.getRecipe()));
    }
}
