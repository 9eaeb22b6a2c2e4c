package io.tessellate.pipeline.export;

import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.version.Views;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.List;

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
     * @return digest of the weight file written
     */
    public Sha256 write(VersionView view, Path directory) {
        List<Adapter> adapters = view.adapters(blobs);
        try (BaseFolder base = new BaseFolder(blobs, view.line())) {
            AppliedAdapters applied = new AppliedAdapters(base.model().layout(), adapters);
            Sha256 digest = new ModelExport(base.model(), precision).write(applied, directory);
            if (view.task() != null && !adapters.get(adapters.size() - 1).head().isEmpty()) {
                ModelExport.writeHead(Views.headOf(adapters.get(adapters.size() - 1)), directory);
            }
            return digest;
        }
    }
}
