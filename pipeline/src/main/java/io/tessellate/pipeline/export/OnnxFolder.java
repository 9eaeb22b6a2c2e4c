package io.tessellate.pipeline.export;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.onnx.OnnxExport;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.runtime.blob.BlobStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a task of an encoder as one ONNX file, with the files of its tokenizer and a README.
 *
 * @param blobs where base and adapters lie
 * @param manifests of the model's tasks
 */
public record OnnxFolder(BlobStore blobs, TaskManifests manifests) {
    /**
     * Writes the directory, which must be empty or absent. UNSUPPORTED_MODEL if the model is no encoder that can be written so;
     * INVALID_ARGUMENT if no task is meant, or one without a head.
     *
     * @return digest of the file
     */
    public Sha256 write(VersionView view, Path directory) {
        CommittedVersion version = view.subject()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "format onnx is of one task with its head: --task must name one of %s"
                                .formatted(view.holding().taskNames())));
        List<Adapter> adapters = view.adapters(blobs);
        ExportedTask task = new ExportedTask(
                VersionExport.own(view, adapters), manifests.find(version.task(), version.datasetDigest()), "");
        try (BaseFolder folder = new BaseFolder(blobs, view.line())) {
            BaseModel base = folder.model();
            AppliedAdapters applied = new AppliedAdapters(base.layout(), adapters);
            OnnxExport export =
                    new OnnxExport(base, Views.headOf(task.adapter()), objective(task), notes(view, version, task));
            new ModelExport(base, ModelExport.Precision.ORIGINAL).writeFiles(directory);
            ExportReadme.onnx(view, task, export.inputs()).write(directory);
            return export.write(applied, directory);
        }
    }

    private static HeadObjective objective(ExportedTask task) {
        Manifest manifest = task.requireManifest();
        return TrainingObjective.declaredBy(manifest)
                .head()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "format onnx is of a task's own head, and %s (%s) has none"
                                .formatted(task.name(), manifest.objective().text())));
    }

    private static Map<String, String> notes(VersionView view, CommittedVersion version, ExportedTask task) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("tessellate.task", task.name());
        notes.put("tessellate.version", Integer.toString(view.version()));
        notes.put("tessellate.view", view.union() ? "union" : "task");
        notes.put(
                "tessellate.version.digest",
                view.line().versionDigest(view.version()).toString());
        notes.put("tessellate.adapter.sha256", version.adapter().sha256().hex());
        notes.put("tessellate.objective", task.requireManifest().objective().text());
        notes.put("tessellate.labels", PythonModel.list(task.requireManifest().labels()));
        notes.put("tessellate.max_length", Integer.toString(task.recipe().maxLength()));
        return notes;
    }
}
