package io.tessellate.registry.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.AdapterCommitted;
import io.tessellate.event.CertifiedTask;
import io.tessellate.event.MaskReserved;
import io.tessellate.event.ModelRegistered;
import io.tessellate.event.Ownership;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.registry.command.TestBlobs;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a model's log as anyone could and holds it against the promises: no weight has two owners at any offset, owned
 * values never move, tokens grow, numbers have no gap. Knows nothing of the registry's own fold.
 */
final class LogChecker {
    private final TestBlobs blobs;
    private final TreeMap<String, float[]> weights = new TreeMap<>();
    /** [tensor][index]: version that owns the weight, 0 while it is free. */
    private final Map<String, int[]> owner = new HashMap<>();
    /** [tensor][index]: bits it was committed with. */
    private final Map<String, int[]> frozen = new HashMap<>();

    private final Map<String, MaskReserved> newest = new HashMap<>();
    private final Set<String> tasks = new HashSet<>();
    private final Set<String> runs = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Set<String> answered = new HashSet<>();
    private List<CertifiedTask> certificate = List.of();
    private Ownership ownership = Ownership.EXCLUSIVE;
    private long sequence;
    private long token;
    private int version;

    LogChecker(TestBlobs blobs) {
        this.blobs = blobs;
    }

    int version() {
        return version;
    }

    void check(RegistryEvent event) {
        assertThat(event.getSequence()).as("numbers have no gap").isEqualTo(++sequence);
        if (event.getCommandId() != null) {
            assertThat(answered.add(event.getCommandId()))
                    .as("a command is answered once")
                    .isTrue();
        }
        if (event.getModelRegistered() != null) {
            register(event.getModelRegistered());
        } else if (event.getMaskReserved() != null) {
            reserve(event.getMaskReserved());
        } else if (event.getReservationReleased() != null) {
            release(
                    event.getReservationReleased().getTask(),
                    event.getReservationReleased().getToken());
        } else if (event.getAdapterRejected() != null) {
            release(
                    event.getAdapterRejected().getTask(),
                    event.getAdapterRejected().getToken());
        } else if (event.getAdapterCommitted() != null) {
            commit(event.getAdapterCommitted());
        } else if (event.getTaskCancelled() != null) {
            cancelled.add(event.getTaskCancelled().getRunId());
            newest.values().removeIf(open -> cancelled.contains(open.getRunId()));
        }
    }

    private void register(ModelRegistered registered) {
        assertThat(weights).as("a model is registered once").isEmpty();
        ownership = registered.getOwnership();
        try (SafetensorsFile base = SafetensorsFile.open(blobs.path(new Sha256(registered.getBaseDigest())))) {
            for (String name : base.tensorNames()) {
                weights.put(name, base.read(name));
                owner.put(name, new int[weights.get(name).length]);
                frozen.put(name, new int[weights.get(name).length]);
            }
        }
    }

    private void reserve(MaskReserved reserved) {
        assertThat(reserved.getToken()).as("tokens grow").isGreaterThan(token);
        assertThat(reserved.getParentVersion())
                .as("on the newest version, but for classes, which are reserved before training")
                .isBetween(reserved.getLift() == null ? version : 0, version);
        assertThat(tasks).as("a committed task is not reserved again").doesNotContain(reserved.getTask());
        assertThat(cancelled).as("a cancelled run is not begun again").doesNotContain(reserved.getRunId());
        token = reserved.getToken();
        newest.put(reserved.getTask(), reserved);
    }

    private void release(String task, long released) {
        MaskReserved open = newest.get(task);
        if (open != null && open.getToken() == released) {
            newest.remove(task);
        }
    }

    private void commit(AdapterCommitted committed) {
        MaskReserved reserved = newest.remove(committed.getTask());
        assertThat(reserved).as("only what is reserved is committed").isNotNull();
        assertThat(committed.getToken()).as("only under the newest token").isEqualTo(reserved.getToken());
        assertThat(committed.getRunId()).isEqualTo(reserved.getRunId());
        assertThat(committed.getVersion()).isEqualTo(++version);
        assertThat(tasks.add(committed.getTask()))
                .as("a task is committed once")
                .isTrue();
        assertThat(runs.add(committed.getRunId())).as("a run is committed once").isTrue();
        Adapter adapter =
                AdapterFile.read(blobs.path(new Sha256(committed.getAdapter().getSha256())));
        assertThat(adapter.entries()).isEqualTo(committed.getOwned()).isLessThanOrEqualTo(reserved.getBudget());
        adapter.updates().forEach(this::assign);
        if (ownership == Ownership.EXCLUSIVE) {
            assertFrozen();
            assertCertified(committed.getCertificate());
        }
    }

    private void assign(TensorUpdate update) {
        float[] tensor = weights.get(update.name());
        int[] owners = owner.get(update.name());
        update.forEach((index, value) -> {
            if (ownership == Ownership.EXCLUSIVE) {
                assertThat(owners[index])
                        .as("weight %d of %s has no other owner", index, update.name())
                        .isZero();
            }
            owners[index] = version;
            tensor[index] = value;
            frozen.get(update.name())[index] = Float.floatToRawIntBits(value);
        });
    }

    private void assertFrozen() {
        owner.forEach((name, owners) -> {
            for (int i = 0; i < owners.length; i++) {
                if (owners[i] > 0) {
                    assertThat(Float.floatToRawIntBits(weights.get(name)[i]))
                            .as("weight %d of %s is as committed", i, name)
                            .isEqualTo(frozen.get(name)[i]);
                }
            }
        });
    }

    private void assertCertified(List<CertifiedTask> now) {
        assertThat(now).hasSize(version);
        assertThat(now.subList(0, version - 1)).as("what was certified stays").isEqualTo(certificate);
        for (int v = 1; v <= version; v++) {
            assertThat(now.get(v - 1).getSha256()).as("digest of version %d", v).isEqualTo(digest(v));
        }
        certificate = new ArrayList<>(now);
    }

    /** docs/format/certificate.md, written out once more. */
    private String digest(int ownerVersion) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        weights.forEach((name, values) -> {
            int[] owners = owner.get(name);
            List<Integer> owned = new ArrayList<>();
            for (int i = 0; i < owners.length; i++) {
                if (owners[i] == ownerVersion) {
                    owned.add(i);
                }
            }
            if (!owned.isEmpty()) {
                byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
                bytes.writeBytes(littleEndian(utf8.length));
                bytes.writeBytes(utf8);
                bytes.writeBytes(littleEndian(owned.size()));
                for (int i : owned) {
                    bytes.writeBytes(littleEndian(i));
                    bytes.writeBytes(littleEndian(Float.floatToRawIntBits(values[i])));
                }
            }
        });
        return Sha256.of(bytes.toByteArray()).hex();
    }

    private static byte[] littleEndian(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }
}
