package io.tessellate.registry.command;

import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes what workers and people send to the registry, on a base small enough to look at. */
public final class Workshop {
    public static final ModelName MODEL = new ModelName("glue");
    public static final ParameterSpace SPACE =
            new ParameterSpace(List.of(new EligibleTensor("query", 12, 12), new EligibleTensor("value", 12, 16)));
    public static final Instant AT = Instant.parse("2026-11-20T12:00:00Z");
    static final Sha256 DATA = Sha256.of("data".getBytes(StandardCharsets.UTF_8));

    private final TestBlobs blobs;
    private final Path scratch;
    private final RandomGenerator random;

    public Workshop(TestBlobs blobs, Path scratch, RandomGenerator random) {
        this.blobs = blobs;
        this.scratch = scratch;
        this.random = random;
    }

    /** A base whose files lie in the blob store. */
    public RegistryEvent.ModelRegistered base(Ownership ownership) {
        byte[] weights = SafetensorsWriter.toBytes(
                Map.of(),
                List.of(
                        TensorSource.floats("embedding", Shape.of(5, 4), values(20)),
                        TensorSource.floats("query", Shape.of(12, 12), values(144)),
                        TensorSource.floats("value", Shape.of(12, 16), values(192))));
        Blob stored = blobs.put("model.safetensors", weights);
        Blob config = blobs.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
        return new RegistryEvent.ModelRegistered(
                stored.sha256(), List.of(file(stored), file(config)), SPACE, ownership, 0.05);
    }

    float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** What a worker publishes that trained as it was told: on the reserved class, or on free weights up to the budget. */
    public TrainingEvent completed(ModelLine line, Reservation reservation, Mask mask) {
        return completed(line, reservation, adapter(line, reservation, mask));
    }

    public TrainingEvent completed(ModelLine line, Reservation reservation, Adapter adapter) {
        StoredFile stored = store(adapter);
        TrainingCompleted completed = TrainingCompleted.newBuilder()
                .setToken(reservation.token())
                .setParentVersion(reservation.parentVersion())
                .setBaseDigest(line.baseDigest().hex())
                .setAdapter(RegistryEventCodec.toAvro(stored))
                .setMethod(reservation.method())
                .setOwned(adapter.mask(line.space()).cardinality())
                .setRecipe("{}")
                .setDatasetDigest(DATA.hex())
                .setTrainExamples(10)
                .setSteps(3)
                .setFinalLoss(0.5)
                .setSeconds(1)
                .setEnvironment(Map.of())
                .build();
        return training(reservation.task(), reservation.run())
                .setCompleted(completed)
                .build();
    }

    public TrainingEvent failed(Reservation reservation) {
        return training(reservation.task(), reservation.run())
                .setFailed(new TrainingFailed("DIVERGED", "loss is NaN", reservation.token()))
                .build();
    }

    private static TrainingEvent.Builder training(TaskId task, RunId run) {
        return TrainingEvent.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setRunId(run.value())
                .setAt(AT);
    }

    Adapter adapter(ModelLine line, Reservation reservation, Mask mask) {
        AdapterMetadata metadata = new AdapterMetadata(
                line.baseDigest(),
                line.versionDigest(reservation.parentVersion()),
                reservation.task(),
                reservation.method(),
                reservation.run(),
                "{}");
        return new Adapter(metadata, updates(mask, reservation.lift()), List.of(head()));
    }

    Adapter with(Adapter adapter, VersionDigest parent) {
        AdapterMetadata old = adapter.metadata();
        return new Adapter(
                new AdapterMetadata(old.baseDigest(), parent, old.task(), old.method(), old.run(), old.recipe()),
                adapter.updates(),
                adapter.head());
    }

    Adapter with(Adapter adapter, TensorUpdate more) {
        return new Adapter(
                adapter.metadata(),
                Stream.concat(adapter.updates().stream(), Stream.of(more)).toList(),
                adapter.head());
    }

    private HeadTensor head() {
        return new HeadTensor("bias", Shape.of(2), values(2));
    }

    private List<TensorUpdate> updates(Mask mask, ExpanderClass lift) {
        List<TensorUpdate> updates = new ArrayList<>();
        QuasiCyclicLift lifted =
                lift == null ? null : new QuasiCyclicLift(SPACE, lift.lift(), lift.seed(), lift.shared());
        for (int t = 0; t < SPACE.tensorCount(); t++) {
            EligibleTensor tensor = SPACE.tensor(t);
            int[] indices = mask.indices(t);
            if (indices.length == 0) {
                continue;
            }
            Shape shape = Shape.of(tensor.rows(), tensor.columns());
            if (lifted != null && lifted.tensor(t).cells(lift.index()) == indices.length) {
                updates.add(TensorUpdate.seeded(lifted.tensor(t), lift.index(), values(indices.length)));
            } else if (indices.length == tensor.size()) {
                updates.add(TensorUpdate.all(tensor.name(), shape, values(indices.length)));
            } else {
                updates.add(TensorUpdate.listed(tensor.name(), shape, indices, values(indices.length)));
            }
        }
        return updates;
    }

    StoredFile store(Adapter adapter) {
        Path file = scratch.resolve("adapter.safetensors");
        AdapterFile.write(file, adapter);
        return file(blobs.put("adapter.safetensors", file));
    }

    private static StoredFile file(Blob blob) {
        return new StoredFile(blob.name(), blob.sha256(), blob.bytes());
    }
}
