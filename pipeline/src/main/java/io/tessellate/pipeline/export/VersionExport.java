package io.tessellate.pipeline.export;

import static java.util.stream.Collectors.toMap;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.BaseModel;
import io.tessellate.engine.model.ModelExport;
import io.tessellate.engine.train.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobFolder;
import io.tessellate.runtime.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a version of a model as a Hugging Face directory: its union view, or the view of one task with that task's head
 * beside it.
 *
 * @param blobs where base and adapters lie
 * @param precision of the weights written
 */
public record VersionExport(BlobStore blobs, ModelExport.Precision precision) {
    /**
     * Writes the directory, which must be empty or absent.
     *
     * @param version number of the version; 0 is the base
     * @param task whose view is meant; null for the union view
     * @return digest of the weight file written
     */
    public Sha256 write(ModelLine line, int version, @Nullable TaskName task, Path directory) {
        int applied = task == null ? version : ordinal(line, version, task);
        List<Adapter> adapters = line.adaptersUpTo(applied).stream()
                .map(file -> AdapterFile.read(blobs.fetch(file.sha256())))
                .toList();
        Path files = temporary();
        try {
            BaseModel base = BaseModel.load(new BlobFolder(blobs, files)
                    .lay(line.files().stream().collect(toMap(StoredFile::name, StoredFile::sha256))));
            Backend backend = Backends.open(Backends.HOST);
            try (Views views = new Views(base.weights(backend), adapters)) {
                Sha256 digest = new ModelExport(base, precision).write(views.union(), directory);
                if (task != null) {
                    ModelExport.writeHead(views.head(applied - 1), directory);
                }
                return digest;
            }
        } finally {
            delete(files);
        }
    }

    /** How many adapters the view of a task has. */
    private static int ordinal(ModelLine line, int version, TaskName task) {
        List<TaskName> tasks =
                line.tasksUpTo(version).stream().map(TaskId::task).toList();
        if (!tasks.contains(task)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "version %d of %s has no task %s; it has %s".formatted(version, line.name(), task, tasks));
        }
        return tasks.indexOf(task) + 1;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tessellate-export");
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "no temporary directory: " + e.getMessage(), e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be deleted", e);
        }
    }
}
