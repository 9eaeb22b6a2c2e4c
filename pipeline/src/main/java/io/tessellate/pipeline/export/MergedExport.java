package io.tessellate.pipeline.export;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.BaseValues;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.merge.Interference;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.mask.merge.MergedAdapters;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Merges adapters of one base and writes the merged model as a Hugging Face directory, with each task's head in the folder
 * {@code heads}.
 *
 * @param recipe how they are merged
 * @param precision of the weights written
 */
public record MergedExport(MergeRecipe recipe, ModelExport.Precision precision) {
    /** The folder of the heads. */
    public static final String HEADS = "heads";

    /**
     * What was written.
     *
     * @param adapters what was merged
     * @param interference where they meet, before anything is trimmed
     * @param changed number of weights that got a new value
     * @param digest of the weight file
     * @param heads names of the head files in the order of the adapters; empty where an adapter has none
     */
    public record Written(
            List<Adapter> adapters, Interference interference, long changed, Sha256 digest, List<String> heads) {
        /** Copies the lists. */
        public Written {
            adapters = List.copyOf(adapters);
            heads = List.copyOf(heads);
        }
    }

    /**
     * Something to be merged.
     *
     * @param manifest of the dataset it was trained on; empty where only the adapter is known
     */
    public record Source(Adapter adapter, Optional<Manifest> manifest) {}

    /** A committed task; INVALID_ARGUMENT if the model has no such task. */
    public static Source source(BlobStore blobs, TaskManifests manifests, ModelLine line, TaskId task) {
        CommittedVersion commit = line.versionOf(task.task())
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "%s has no committed task %s; it has %s"
                                .formatted(
                                        line.name(), task.task(), line.holding().taskNames())));
        return new Source(
                AdapterFile.open(blobs.fetch(commit.adapter().sha256())), manifests.find(task, commit.datasetDigest()));
    }

    /** The same on a model's base. */
    public Written write(BlobStore blobs, ModelLine line, List<Source> sources, Path directory) {
        try (BaseFolder base = new BaseFolder(blobs, line)) {
            return write(base.model(), sources, directory);
        }
    }

    /** Writes the directory, which must be empty or absent; INVALID_ARGUMENT if the adapters are of another base. */
    public Written write(BaseModel base, List<Source> sources, Path directory) {
        List<Adapter> adapters = sources.stream().map(Source::adapter).toList();
        for (Adapter adapter : adapters) {
            requireOf(base, adapter);
        }
        AppliedAdapters.requireFitting(base.layout(), adapters);
        try (BaseValues values = base.values()) {
            MergedAdapters merged = MergedAdapters.of(adapters, values, recipe);
            Applied applied = new Applied(merged);
            Sha256 digest = new ModelExport(base, precision).write(applied, directory);
            List<String> heads = new HeadFiles(directory).write(adapters);
            readme(base, sources, heads).write(directory);
            return new Written(adapters, merged.interference(), applied.changed, digest, heads);
        }
    }

    private static ExportReadme readme(BaseModel base, List<Source> sources, List<String> heads) {
        List<ExportedTask> tasks = new ArrayList<>();
        for (int n = 0; n < heads.size(); n++) {
            Source source = sources.get(n);
            tasks.add(new ExportedTask(source.adapter(), source.manifest(), heads.get(n)));
        }
        String names = tasks.stream().map(ExportedTask::name).collect(Collectors.joining(", "));
        return ExportReadme.of("Merged: " + names, tasks, PythonModel.whole(base));
    }

    /** The merged updates, made as their tensors are written. */
    private static final class Applied implements ModelExport.ChangedValues {
        private final MergedAdapters merged;
        private final SortedSet<String> names;
        private long changed;

        Applied(MergedAdapters merged) {
            this.merged = merged;
            this.names = merged.names();
        }

        @Override
        public boolean changes(String tensor) {
            return names.contains(tensor);
        }

        @Override
        public void change(String tensor, float[] values) {
            if (changes(tensor)) {
                merged.update(tensor).ifPresent(update -> {
                    update.assignTo(values, 0);
                    changed += update.count();
                });
            }
        }
    }

    private static void requireOf(BaseModel base, Adapter adapter) {
        if (!adapter.metadata().baseDigest().equals(base.digest())) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the adapter of %s was trained on base %s, not on %s"
                            .formatted(
                                    adapter.metadata().task(),
                                    adapter.metadata().baseDigest(),
                                    base.digest()));
        }
    }
}
