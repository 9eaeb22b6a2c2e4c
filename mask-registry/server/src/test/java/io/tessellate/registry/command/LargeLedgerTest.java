package io.tessellate.registry.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.method.MethodName;
import io.tessellate.registry.ledger.OwnershipLedger;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry's decisions over a model of more than 2^31 eligible weights, of which its tasks take few. */
class LargeLedgerTest {
    private static final int SIDE = 8192;
    private static final ParameterSpace SPACE = new ParameterSpace(IntStream.range(0, 33)
            .mapToObj(n -> new EligibleTensor("layers.%02d.weight".formatted(n), SIDE, SIDE))
            .toList());
    private static final double DENSITY = 1 / 2000.0;

    @TempDir
    private Path directory;

    private final RegistryState state = new RegistryState(Workshop.MODEL);
    private DirectoryBlobStore blobs;
    private OwnershipLedger ledger;

    @BeforeEach
    void register() {
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        ledger = new OwnershipLedger(blobs);
        replay(Decision.of(
                new RegistryEvent.ModelRegistered(Workshop.DATA, List.of(), SPACE, Ownership.EXCLUSIVE, 0.05)));
    }

    @Test
    void disjointTasksAreCommittedAndAnOverlappingOneIsRefused() {
        long classSize = commit("one", reserve("one", "expander"));
        long counted = commit("two", reserve("two", "lota"));
        ModelLine line = state.line().orElseThrow();

        assertThat(line.currentVersion()).isEqualTo(2);
        assertThat(line.free()).isEqualTo(SPACE.size() - classSize - counted).isGreaterThan(1L << 31);
        assertThat(ledger.owned(line).cardinality()).isEqualTo(line.owned());
        assertThat(line.version(2).certificate().get(0))
                .isEqualTo(line.version(1).certificate().get(0));

        Reservation third = reserve("three", "lota");
        Mask taken = ledger.owned(line);
        RegistryEvent.AdapterRejected refused = (RegistryEvent.AdapterRejected)
                decide(third, taken, taken.cardinality()).events().get(0);
        assertThat(refused.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
        Mask.Builder overlapping = Mask.builder(SPACE).add(32, SIDE * SIDE - 1);
        taken.forEach(32, index -> overlapping.add(32, index));
        Mask mask = overlapping.build();
        refused = (RegistryEvent.AdapterRejected)
                decide(third, mask, mask.cardinality()).events().get(0);
        assertThat(refused.code()).isEqualTo(ErrorCode.OVERLAP);
        assertThat(refused.message())
                .isEqualTo("%d of the adapter's %d weights are owned by earlier tasks"
                        .formatted(mask.cardinality() - 1, mask.cardinality()));
    }

    /** A message of Kafka has at most 1 MB by default; the eligible tensors stand in the registration. */
    @Test
    void aModelOfThousandsOfTensorsIsRegisteredInOneMessage() throws IOException {
        ParameterSpace wide = new ParameterSpace(IntStream.range(0, 6000)
                .mapToObj(n -> new EligibleTensor(
                        "model.layers.%d.mlp.experts.%d.gate_proj.weight".formatted(n % 60, n / 60), SIDE, SIDE))
                .toList());
        RegistryEvent event =
                new RegistryEvent.ModelRegistered(Workshop.DATA, List.of(), wide, Ownership.EXCLUSIVE, 0.05);
        LoggedEvent entry = new LoggedEvent(Workshop.MODEL, 1, null, Workshop.AT, event);
        assertThat(RegistryEventCodec.toAvro(entry).toByteBuffer().remaining()).isLessThan(1_000_000);
    }

    private void replay(Decision decision) {
        state.number(decision, null, Workshop.AT).forEach(state::replay);
    }

    private Reservation reserve(String task, String method) {
        TaskName name = new TaskName(task);
        ReserveMask reserve = new ReserveMask(
                name,
                new RunId("run-" + task),
                MethodName.parse(method),
                DENSITY,
                Exhaustion.REJECT,
                false,
                OptionalInt.empty());
        replay(reserve.decide(state, ledger));
        return state.line().orElseThrow().reservation(name).orElseThrow();
    }

    /** Of a class all of it, else the first free weights of the last tensor. */
    private long commit(String task, Reservation reservation) {
        ModelLine line = state.line().orElseThrow();
        Mask mask = reservation.lift() == null
                ? firstFree(ledger.owned(line), (int) Math.min(reservation.budget(), 10_000))
                : ledger.mask(SPACE, reservation.lift());
        Decision decision = decide(reservation, mask, mask.cardinality());
        assertThat(decision.events().get(0))
                .as(task)
                .isInstanceOfSatisfying(
                        RegistryEvent.AdapterCommitted.class,
                        event -> assertThat(event.owned()).isEqualTo(mask.cardinality()));
        replay(decision);
        return mask.cardinality();
    }

    private static Mask firstFree(Mask owned, int count) {
        Mask.Builder mask = Mask.builder(SPACE);
        for (int index = 0, chosen = 0; chosen < count; index++) {
            if (!owned.contains(32, index)) {
                mask.add(32, index);
                chosen++;
            }
        }
        return mask.build();
    }

    private Decision decide(Reservation reservation, Mask mask, long owned) {
        ModelLine line = state.line().orElseThrow();
        List<TensorUpdate> updates = IntStream.range(0, SPACE.tensorCount())
                .filter(t -> mask.cardinality(t) > 0)
                .mapToObj(t -> TensorUpdate.of(mask, t, filled(mask.cardinality(t))))
                .toList();
        AdapterMetadata metadata = new AdapterMetadata(
                line.baseDigest(),
                line.versionDigest(reservation.parentVersion()),
                new TaskId(line.name(), reservation.task().task()),
                reservation.method(),
                reservation.run(),
                "{}");
        Path file = directory.resolve("adapter");
        AdapterFile.write(file, new Adapter(metadata, updates, List.of()));
        Blob blob = blobs.put("adapter.safetensors", file);
        CommitAdapter commit = new CommitAdapter(
                reservation.task().task(),
                reservation.run(),
                reservation.token(),
                reservation.parentVersion(),
                line.baseDigest(),
                new StoredFile(blob.name(), blob.sha256(), blob.bytes()),
                reservation.method(),
                owned,
                "{}",
                Sha256.of(new byte[0]),
                List.of(),
                Optional.empty());
        return commit.decide(state, ledger);
    }

    private static float[] filled(int count) {
        float[] values = new float[count];
        Arrays.fill(values, 0.25f);
        return values;
    }
}
