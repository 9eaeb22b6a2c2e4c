package io.tessellate.pipeline.export;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.Architecture;
import io.tessellate.engine.model.BaseModel;
import io.tessellate.engine.model.ModelExport;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.train.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.peft.LoraExport;
import io.tessellate.mask.peft.ShiraExport;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes a version of a model as a Hugging Face directory: its union view, or the view of one task with that task's head
 * beside it.
 *
 * @param blobs where base and adapters lie
 * @param precision of the weights written
 */
public record VersionExport(BlobStore blobs, ModelExport.Precision precision) {
    private static final List<String> HEADED = List.of("bert.", "roberta.", "distilbert.", "transformer.", "model.");

    /**
     * Writes the directory, which must be empty or absent.
     *
     * @param version number of the version; 0 is the base
     * @param task whose view is meant; null for the union view
     * @return digest of the weight file written
     */
    public Sha256 write(ModelLine line, int version, @Nullable TaskName task, Path directory) {
        return write(line, version, task, (base, adapters) -> {
            try (Views views = new Views(base.weights(Backends.open(Backends.HOST)), adapters)) {
                Sha256 digest = new ModelExport(base, precision).write(views.union(), directory);
                if (task != null) {
                    ModelExport.writeHead(views.head(adapters.size() - 1), directory);
                }
                return digest;
            }
        });
    }

    /**
     * Writes the same view as a SHiRA adapter of PEFT, to be loaded on the base, with the head of the view's last task.
     *
     * @param baseName what the adapter names as its base
     * @return digest of the adapter's weight file
     */
    public Sha256 writeShira(ModelLine line, int version, @Nullable TaskName task, Path directory, String baseName) {
        return write(line, version, task, (base, adapters) -> {
            requireLinear(line, base);
            try (Weights weights = base.weights(Backends.open(Backends.HOST))) {
                return new ShiraExport(prefix(base)).write(directory, adapters, weights.source(), baseName);
            }
        });
    }

    /** Writes it as a LoRA adapter of PEFT, likewise; every adapter of the view must be a low-rank change. */
    public Sha256 writeLora(ModelLine line, int version, @Nullable TaskName task, Path directory, String baseName) {
        return write(line, version, task, (base, adapters) -> {
            requireLinear(line, base);
            return new LoraExport(prefix(base)).write(directory, adapters, baseName);
        });
    }

    /** The layers of PEFT we write for stand for torch.nn.Linear; GPT-2's store their weights the other way round. */
    private static void requireLinear(ModelLine line, BaseModel base) {
        if (base.config().architecture().storage() != Architecture.Storage.LINEAR) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "%s is a %s model, whose weights are stored transposed: PEFT adapters are written for linear layers only"
                            .formatted(line.name(), base.config().modelType()));
        }
    }

    /** Weight files of a model with a head put the name of the model proper before its tensors; the bare model does not. */
    private static String prefix(BaseModel base) {
        String tensor = base.layout().eligible().tensor(0).name();
        return HEADED.stream().filter(tensor::startsWith).findFirst().orElse("");
    }

    private Sha256 write(
            ModelLine line, int version, @Nullable TaskName task, BiFunction<BaseModel, List<Adapter>, Sha256> writer) {
        int applied = task == null ? version : ordinal(line, version, task);
        List<Adapter> adapters = line.adaptersUpTo(applied).stream()
                .map(file -> AdapterFile.read(blobs.fetch(file.sha256())))
                .toList();
        try (BaseFolder base = new BaseFolder(blobs, line)) {
            return writer.apply(base.model(), adapters);
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
}
