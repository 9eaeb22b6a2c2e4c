package io.tessellate.lineage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.DamagedFileException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.Samples;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VersionVerifierTest {
    private static final Shape SHAPE = Shape.of(4, 4);
    private static final TaskName THIRD = new TaskName("cola");

    @TempDir
    private Path directory;

    private Path base;
    private final List<Adapter> adapters = new ArrayList<>();
    private Lineage lineage = new Lineage();

    @BeforeEach
    void twoTasksOnASmallBase() {
        twoTasksOn(TensorSource.floats("query", SHAPE, new float[16]));
    }

    private void twoTasksOn(TensorSource query) {
        base = directory.resolve("model.safetensors");
        Sha256 digest = SafetensorsWriter.write(base, Map.of(), List.of(query));
        apply(new RegistryEvent.ModelRegistered(
                digest,
                List.of(new StoredFile("model.safetensors", digest, 1)),
                new ParameterSpace(List.of(new EligibleTensor("query", 4, 4))),
                Ownership.EXCLUSIVE,
                0.05));
        commit(Samples.SST2, new int[] {0, 5}, new float[] {1, 2});
        commit(Samples.MRPC, new int[] {1, 15}, new float[] {3, 4});
    }

    @Test
    void everyTaskOfAVersionIsAsItWasCommitted() {
        Verification verification = verifier().verify(line(), 2, file -> base);

        assertThat(verification.ok()).isTrue();
        assertThat(verification.tasks()).extracting(task -> task.task().value()).containsExactly("sst2", "mrpc");
        assertThat(verification.tasks().get(0).sha256())
                .isEqualTo(line().version(1).certificate().get(0).sha256());
    }

    @Test
    void theBaseAloneHasNothingToVerifyButItself() {
        assertThat(verifier().verify(line(), 0, file -> base).ok()).isTrue();
        assertThat(verifier().verify(line(), 0, file -> base).tasks()).isEmpty();
    }

    @Test
    void anotherBaseFileIsSeen() {
        Path other = directory.resolve("other.safetensors");
        SafetensorsWriter.write(other, Map.of(), List.of(TensorSource.floats("query", SHAPE, new float[] {
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
        })));

        Verification verification = verifier().verify(line(), 2, file -> other);

        assertThat(verification.baseOk()).isFalse();
        assertThat(verification.ok()).isFalse();
    }

    /** The file counts, not the values: the same ones in 32 bits are another base. */
    @Test
    void aBaseInSixteenBitsIsVerifiedByItsOwnFile() {
        lineage = new Lineage();
        adapters.clear();
        float[] values = {1, -2, 0.5f, 3, 0, 0, 0.25f, 7, -1, 1, 2, 4, 8, 16, 0, 1.5f};
        twoTasksOn(TensorSource.floats("query", DType.BF16, SHAPE, () -> values));

        assertThat(verifier().verify(line(), 2, file -> base).ok()).isTrue();
        Path wide = directory.resolve("wide.safetensors");
        SafetensorsWriter.write(wide, Map.of(), List.of(TensorSource.floats("query", SHAPE, values)));
        Verification other = verifier().verify(line(), 2, file -> wide);
        assertThat(other.baseOk()).isFalse();
        assertThat(other.tasks()).allMatch(Verification.VerifiedTask::ok);
    }

    @Test
    void aValueThatMovedIsSeenInItsTaskAlone() {
        adapters.set(0, adapter(Samples.SST2, new int[] {0, 5}, new float[] {1, Math.nextUp(2f)}, 0));

        Verification verification = verifier().verify(line(), 2, file -> base);

        assertThat(verification.tasks())
                .extracting(Verification.VerifiedTask::ok)
                .containsExactly(false, true);
    }

    @Test
    void aLaterAdapterThatOverwritesAnEarlierTaskIsSeen() {
        adapters.set(1, adapter(Samples.MRPC, new int[] {5, 15}, new float[] {3, 4}, 1));

        assertThat(verifier().verify(line(), 2, file -> base).tasks())
                .extracting(Verification.VerifiedTask::ok)
                .containsExactly(false, false);
    }

    @Test
    void anAdapterOfAnotherTaskIsSeen() {
        adapters.set(0, adapter(THIRD, new int[] {0, 5}, new float[] {1, 2}, 0));

        assertThat(verifier().verify(line(), 1, file -> base).ok()).isFalse();
    }

    @Test
    void aCertificateThatChangedBetweenVersionsIsSeen() {
        Adapter third = adapter(THIRD, new int[] {7}, new float[] {5}, 2);
        adapters.add(third);
        List<CertifiedTask> forged = new ArrayList<>(certificate());
        forged.set(0, new CertifiedTask(Samples.SST2, 2, Samples.digest("forged")));
        committed(THIRD, forged);

        assertThat(verifier().verify(line(), 3, file -> base).tasks())
                .extracting(Verification.VerifiedTask::ok)
                .containsExactly(false, true, true);
    }

    @Test
    void aDamagedAdapterIsNamedWithTaskVersionAndPathAndTheOthersAreChecked() {
        VersionVerifier verifier = new VersionVerifier(file -> {
            if (file.name().equals("adapter-1")) {
                throw new DamagedFileException("/blobs/ab/cdef", "it is gone");
            }
            return adapters.get(1);
        });

        Verification verification = verifier.verify(line(), 2, file -> base);

        assertThat(verification.baseOk()).isTrue();
        assertThat(verification.ok()).isFalse();
        assertThat(verification.tasks())
                .extracting(Verification.VerifiedTask::ok)
                .containsExactly(false, true);
        assertThat(verification.tasks().get(0).path()).isEqualTo("/blobs/ab/cdef");
        assertThat(verification.tasks().get(0).sha256()).isNull();
        assertThat(verification.problems())
                .containsExactly("task sst2, version 1: stored file /blobs/ab/cdef: it is gone");
    }

    @Test
    void aDamagedBaseFileIsNamedAndTheTasksAreCheckedAllTheSame() {
        Verification verification = verifier().verify(line(), 2, file -> {
            throw new DamagedFileException("/blobs/12/34", "it is a directory");
        });

        assertThat(verification.baseOk()).isFalse();
        assertThat(verification.tasks()).allMatch(Verification.VerifiedTask::ok);
        assertThat(verification.problems())
                .containsExactly("base, model.safetensors: stored file /blobs/12/34: it is a directory");
    }

    private void commit(TaskName task, int[] indices, float[] values) {
        adapters.add(adapter(task, indices, values, adapters.size()));
        committed(task, certificate());
    }

    private List<CertifiedTask> certificate() {
        int last = adapters.size() - 1;
        return verifier().certify(line().holding(last).files(), adapters.get(last));
    }

    private void committed(TaskName task, List<CertifiedTask> certificate) {
        int version = adapters.size();
        RunId run = new RunId("run-" + version);
        apply(new RegistryEvent.MaskReserved(task, run, version, version - 1, 2, "lotto", null));
        Sha256 digest = AdapterFile.write(directory.resolve("adapter"), adapters.get(version - 1));
        apply(new RegistryEvent.AdapterCommitted(
                task,
                run,
                version,
                version,
                new StoredFile("adapter-" + version, digest, 1),
                "lotto",
                2,
                0,
                "{}",
                Samples.digest("data"),
                certificate));
    }

    private Adapter adapter(TaskName task, int[] indices, float[] values, int parent) {
        VersionDigest digest = line().versionDigest(parent);
        AdapterMetadata metadata = new AdapterMetadata(
                line().baseDigest(), digest, new TaskId(Samples.MODEL, task), "lotto", Samples.RUN, "{}");
        return new Adapter(metadata, List.of(TensorUpdate.listed("query", SHAPE, indices, values)), List.of());
    }

    private VersionVerifier verifier() {
        return new VersionVerifier(
                file -> adapters.get(Integer.parseInt(file.name().substring(8)) - 1));
    }

    private ModelLine line() {
        return lineage.require(Samples.MODEL);
    }

    private void apply(RegistryEvent event) {
        lineage.apply(new LoggedEvent(Samples.MODEL, lineage.sequence(Samples.MODEL) + 1, null, Samples.AT, event));
    }
}
