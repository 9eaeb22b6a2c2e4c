package io.tessellate.pipeline.push;

import io.tessellate.dataset.DatasetDigest;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.folder.DatasetFolder;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.manifest.ManifestValidation;
import io.tessellate.dataset.manifest.RecipeText;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.Outcome;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that has not been sent yet: what it is, its records, and the digest ingest will find.
 *
 * @param manifest checked, CLOSED, with the number of records and the digest
 * @param records in the order in which they are sent
 * @param digest content digest of the records that the manifest's rules accept
 * @param refused records that ingest will put aside, with the reason of the first
 * @param files what was read in which file; empty if it comes from memory
 */
public record LocalDataset(
        TaskManifest manifest, List<TaskExample> records, Sha256 digest, Refused refused, List<FileContent> files) {
    private static final int LISTED = 12;

    public LocalDataset {
        records = List.copyOf(records);
        files = List.copyOf(files);
    }

    /**
     * What was read in a file.
     *
     * @param name of the file
     * @param records in it
     * @param blank lines that were passed over
     */
    public record FileContent(String name, long records, long blank) {}

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
        DatasetFolder folder = new DatasetFolder(directory);
        if (!folder.has(Split.TRAIN)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s holds no train.jsonl; it holds %s".formatted(directory, listed(directory)));
        }
        if (manifest.isEmpty() && !Files.isRegularFile(folder.metaFile())) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, directory + " holds no meta.json; name a manifest with --manifest");
        }
        TaskManifest.Builder builder = manifest.map(file -> ManifestFile.manifest(file, task))
                .orElseGet(() -> folder.meta().toAvro(task));
        changes.accept(builder);
        Recipe given = builder.hasRecipe() && builder.getRecipe() != null
                ? builder.getRecipe()
                : Recipe.newBuilder().build();
        TaskManifest asked = builder.setRecipe(recipe.apply(given)).build();
        ManifestValidation.require(asked);
        RecordFiles records = new RecordFiles(ManifestCodec.fromAvro(asked));
        boolean measured = folder.has(Split.EVAL);
        records.read(folder, Split.TRAIN, measured ? Split.TRAIN : null);
        if (measured) {
            records.read(folder, Split.EVAL, Split.EVAL);
        }
        TaskManifest ownNames = TaskManifest.newBuilder(asked).setFields(null).build();
        return of(ownNames, records.records(), records.contents(), records.reason());
    }

    private static String listed(Path directory) {
        if (!Files.isDirectory(directory)) {
            return "nothing, being no directory";
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names =
                    files.map(file -> "'" + file.getFileName() + "'").sorted().toList();
            return names.isEmpty() ? "nothing" : String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be listed", e);
        }
    }

    /** The examples that the manifest's rules accept, of both splits. */
    public List<Example> examples() {
        ExampleReader reader = new ExampleReader(ManifestCodec.fromAvro(manifest));
        return records.stream()
                .map(reader::read)
                .filter(Outcome.Accepted.class::isInstance)
                .map(outcome -> ((Outcome.Accepted) outcome).example())
                .toList();
    }

    /** A dataset from memory; the manifest's count and digest are filled in. */
    public static LocalDataset of(TaskManifest manifest, List<TaskExample> records) {
        return of(manifest, records, List.of(), null);
    }

    private static LocalDataset of(
            TaskManifest manifest, List<TaskExample> records, List<FileContent> files, @Nullable String firstReason) {
        ManifestValidation.require(manifest);
        if (records.isEmpty()) {
            throw new TessellateException(ErrorCode.EMPTY_SPLIT, "the dataset has no records");
        }
        ExampleReader reader = new ExampleReader(ManifestCodec.fromAvro(manifest));
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
                reason = refused > 0
                        ? reason
                        : firstReason == null ? "%s: %s".formatted(no.code(), no.reason()) : firstReason;
                refused++;
            }
        }
        TaskManifest complete = TaskManifest.newBuilder(manifest)
                .setState(io.tessellate.event.DatasetState.CLOSED)
                .setExpectedRecords((long) records.size())
                .setDatasetDigest(digest.value().hex())
                .build();
        return new LocalDataset(complete, records, digest.value(), new Refused(refused, reason), files);
    }

    private static boolean isNew(Example example, Set<String> seen) {
        return example.id() == null || seen.add(example.split() + " " + example.id());
    }

    /** What a user should know before anything is sent: what was read, passed over, guessed, and what ingest will put aside. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (FileContent file : files) {
            String blank = file.blank() == 0 ? "" : ", %d blank lines passed over".formatted(file.blank());
            notes.add("%s: %d records%s".formatted(file.name(), file.records(), blank));
        }
        if (files.size() == 1) {
            notes.add("there is no eval.jsonl: of records without a split, a share of %s goes into eval, by their texts"
                    .formatted(manifest.getEvalShare() == null ? "0.1" : manifest.getEvalShare()));
        }
        if (refused.count() > 0) {
            notes.add("%d of %d records will be put aside; the first: %s"
                    .formatted(refused.count(), records.size(), refused.reason()));
        }
        return notes;
    }

    /** The task it is for. */
    public TaskId task() {
        return TaskId.of(manifest.getModel(), manifest.getTask());
    }

    /** The run that will train on it. */
    public RunId run() {
        return RunId.of(task(), digest, RecipeText.of(ManifestCodec.recipe(manifest.getRecipe())));
    }
}
