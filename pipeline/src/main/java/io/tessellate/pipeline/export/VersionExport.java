package io.tessellate.pipeline.export;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.version.Views;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a version of a model as a Hugging Face directory with a README: its union view with every task's head in the folder {@code
 * heads}, or the weights for one task with that task's head beside them.
 *
 * @param blobs where base and adapters lie
 * @param manifests of its tasks
 * @param precision of the weights written
 */
public record VersionExport(BlobStore blobs, TaskManifests manifests, ModelExport.Precision precision) {
    /**
     * Writes the directory, which must be empty or absent.
     *
     * @return digest of the weight file written
     */
    public Sha256 write(VersionView view, Path directory) {
        List<Adapter> adapters = view.adapters(blobs);
        try (BaseFolder folder = new BaseFolder(blobs, view.line())) {
            BaseModel base = folder.model();
            AppliedAdapters applied = new AppliedAdapters(base.layout(), adapters);
            Sha256 digest = new ModelExport(base, precision).write(applied, directory);
            PythonModel python = PythonModel.whole(base);
            if (view.subject().isPresent()) {
                ExportedTask task = exported(view.subject().get(), own(view, adapters), ModelExport.HEAD);
                if (task.hasHead()) {
                    ModelExport.writeHead(Views.headOf(task.adapter()), directory);
                }
                ExportReadme.of(view, task, python).write(directory);
            } else {
                ExportReadme.of(view.title(), withHeads(view, adapters, directory), python)
                        .write(directory);
            }
            return digest;
        }
    }

    /** The adapter of the task that a view is for. */
    static Adapter own(VersionView view, List<Adapter> adapters) {
        return adapters.get(view.holding().commits().indexOf(view.subject().orElseThrow()));
    }

    private List<ExportedTask> withHeads(VersionView view, List<Adapter> adapters, Path directory) {
        List<String> heads = new HeadFiles(directory).write(adapters);
        List<ExportedTask> tasks = new ArrayList<>();
        for (int n = 0; n < adapters.size(); n++) {
            tasks.add(exported(view.holding().commits().get(n), adapters.get(n), heads.get(n)));
        }
        return tasks;
    }

    private ExportedTask exported(CommittedVersion version, Adapter adapter, String headFile) {
        return new ExportedTask(adapter, manifests.find(version.task(), version.datasetDigest()), headFile);
    }
}
