package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelDirectory;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Times reading a checkpoint that the system has in its cache, and going from one task's view to the next. */
final class StorageBench {
    private static final int REPETITIONS = 5;

    private final Backend backend;
    private final BenchPlan plan;

    StorageBench(Backend backend, BenchPlan plan) {
        this.backend = backend;
        this.plan = plan;
    }

    /** Writes the weights into a temporary directory, reads them again several times and removes it. */
    Times loading(Weights weights) {
        try {
            Path directory = Files.createTempDirectory("tessellate-bench");
            try {
                ModelDirectory.write(directory, plan.shape().config(), "{}", lazily(weights));
                return times(() -> BaseModel.load(directory).weights(backend).close());
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "no temporary directory: " + e.getMessage(), e);
        }
    }

    private static List<TensorSource> lazily(Weights weights) {
        List<TensorSource> sources = new ArrayList<>();
        for (ParameterTensor tensor : weights.layout().tensors()) {
            sources.add(
                    TensorSource.floats(tensor.name(), DType.F32, tensor.shape(), () -> weights.get(tensor.name())));
        }
        return sources;
    }

    /** Removes a directory with all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * From the base to the view of one task and back, that task owning one in {@code sparsity} of the eligible weights.
     *
     * @param weights the base's; they come back as they were
     */
    Times switching(Weights weights, int sparsity) {
        Views views = new Views(weights, List.of(adapter(weights.layout(), sparsity)));
        return times(() -> {
            views.task(0);
            views.base();
        });
    }

    private Adapter adapter(ParameterLayout layout, int sparsity) {
        Mask all = Mask.all(layout.eligible());
        Mask mask = RandomMask.of(all, all.cardinality() / sparsity, new Random(plan.seed()));
        List<TensorUpdate> updates = new ArrayList<>();
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            ParameterTensor tensor = layout.tensor(mask.space().tensor(t).name());
            int[] indices = mask.indices(t);
            updates.add(TensorUpdate.listed(tensor.name(), tensor.shape(), indices, new float[indices.length]));
        }
        Sha256 base = Sha256.of(new byte[0]);
        AdapterMetadata metadata = new AdapterMetadata(
                base, VersionDigest.base(base), TaskId.of("bench", "bench"), "lota", new RunId("bench"), "{}");
        return new Adapter(metadata, updates, List.of());
    }

    private static Times times(Runnable work) {
        double[] milliseconds = new double[REPETITIONS];
        for (int i = -2; i < REPETITIONS; i++) {
            long start = System.nanoTime();
            work.run();
            if (i >= 0) {
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        return Times.of(milliseconds);
    }
}
