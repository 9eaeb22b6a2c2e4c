package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.model.files.ModelExport.Precision;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.pipeline.export.VersionExport;
import io.tessellate.pipeline.export.VersionView;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VersionExportTest {
    @TempDir
    private Path directory;

    /** The export goes from file to file, a tensor at a time; the reference loads all weights and applies the adapter. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aVersionIsTheSameFileAsThatOfItsWeightsInMemory(Precision precision) throws IOException {
        BlobStore blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        BaseModel base = BaseModel.load(SmallDecoder.QWEN2.write(directory.resolve("base")));
        EligibleTensor tensor = base.layout().eligible().tensor(1);
        Adapter adapter = new Adapter(
                new AdapterMetadata(
                        base.digest(),
                        VersionDigest.base(base.digest()),
                        TaskId.of("tiny", "one"),
                        "lotto",
                        new RunId("run-1"),
                        "{}"),
                List.of(TensorUpdate.listed(
                        tensor.name(),
                        Shape.of(tensor.rows(), tensor.columns()),
                        new int[] {0, 3, tensor.size() - 1},
                        new float[] {1, -0.1f, 3})),
                List.of());
        Path file = directory.resolve("adapter.safetensors");
        AdapterFile.write(file, adapter);
        var line = new RegisteredModel(blobs, base, "").commit("one", file).line();

        Sha256 version = new VersionExport(blobs, RegisteredModel.MANIFESTS, precision)
                .write(new VersionView(line, 1, null), directory.resolve("version"));
        Sha256 alone = new VersionExport(blobs, RegisteredModel.MANIFESTS, precision)
                .write(new VersionView(line, 0, null), directory.resolve("alone"));

        try (Weights weights = base.weights(Backends.open(Backends.HOST))) {
            assertThat(alone).isEqualTo(new ModelExport(base, precision).write(weights, directory.resolve("first")));
            weights.apply(adapter);
            assertThat(version).isEqualTo(new ModelExport(base, precision).write(weights, directory.resolve("second")));
        }
        assertThat(version).isNotEqualTo(alone);
    }
}
