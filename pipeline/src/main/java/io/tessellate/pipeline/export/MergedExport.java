package io.tessellate.pipeline.export;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.mask.merge.MergedAdapters;
import io.tessellate.runtime.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
     * @param digest of the weight file
     * @param heads names of the head files in the order of the adapters; empty where an adapter has none
     */
    public record Written(MergedAdapters merged, Sha256 digest, List<String> heads) {}

    /** The adapter of a committed task; INVALID_ARGUMENT if the model has no such task. */
    public static Adapter adapter(BlobStore blobs, ModelLine line, TaskId task) {
        int place = line.tasksUpTo(line.currentVersion()).indexOf(task);
        if (place < 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s has no committed task %s; it has %s"
                            .formatted(line.name(), task.task(), line.tasksUpTo(line.currentVersion())));
        }
        return AdapterFile.read(
                blobs.fetch(line.adaptersUpTo(line.currentVersion()).get(place).sha256()));
    }

    /** The same on a model's base. */
    public Written write(BlobStore blobs, ModelLine line, List<Adapter> adapters, Path directory) {
        try (BaseFolder base = new BaseFolder(blobs, line)) {
            return write(base.model(), adapters, directory);
        }
    }

    /** Writes the directory, which must be empty or absent; INVALID_ARGUMENT if the adapters are of another base. */
    public Written write(BaseModel base, List<Adapter> adapters, Path directory) {
        for (Adapter adapter : adapters) {
            requireOf(base, adapter);
        }
        try (Weights weights = base.weights(Backends.open(Backends.HOST))) {
            MergedAdapters merged = MergedAdapters.of(adapters, weights.source(), recipe);
            weights.apply(merged.updates());
            Sha256 digest = new ModelExport(base, precision).write(weights, directory);
            return new Written(merged, digest, writeHeads(adapters, directory));
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

    private static List<String> writeHeads(List<Adapter> adapters, Path directory) {
        Set<String> taken = new HashSet<>();
        return adapters.stream()
                .map(adapter -> writeHead(adapter, directory.resolve(HEADS), taken))
                .toList();
    }

    /** Two adapters of one task have their heads under different names. */
    private static String writeHead(Adapter adapter, Path folder, Set<String> taken) {
        if (adapter.head().isEmpty()) {
            return "";
        }
        TaskId task = adapter.metadata().task();
        String name = "%s.%s".formatted(task.model(), task.task());
        for (int n = 2; !taken.add(name); n++) {
            name = "%s.%s-%d".formatted(task.model(), task.task(), n);
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, folder + " cannot be made", e);
        }
        String file = name + ".safetensors";
        ModelExport.writeHeadFile(Views.headOf(adapter), folder.resolve(file));
        return HEADS + "/" + file;
    }
}
