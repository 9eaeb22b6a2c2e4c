package io.tessellate.ingest.attempt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.dataset.Split;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.arrival.SourcePosition;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The examples accepted under an id, and which other contents came under it, by 16 bytes of a SHA-256 over (task, attempt, split, id): memory does not grow with
 * them, and no id is long.
 */
final class Identities {
    private static final int KEY_BYTES = 16;
    private static final byte[] PRESENT = {1};

    private final KeyValueStore<Bytes, byte[]> store;
    private final MessageDigest sha = Sha256.newDigest();

    Identities(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** The example that holds an id. */
    record Holder(SourcePosition position, byte[] digest) {}

    Bytes key(TaskId task, int attempt, Split split, String id) {
        sha.update(task.toString().getBytes(UTF_8));
        sha.update((byte) 0);
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(attempt).array());
        sha.update((byte) (split == Split.TRAIN ? 't' : 'e'));
        sha.update(id.getBytes(UTF_8));
        return Bytes.wrap(Arrays.copyOf(sha.digest(), KEY_BYTES));
    }

    /** Key of one content that was refused under an id. */
    Bytes refusedKey(Bytes id, byte[] digest) {
        sha.update(id.get());
        sha.update(digest);
        return Bytes.wrap(Arrays.copyOf(sha.digest(), KEY_BYTES));
    }

    boolean wasRefused(Bytes id, byte[] digest) {
        return store.get(refusedKey(id, digest)) != null;
    }

    /** Whether this content was refused under its id before; from now on it was. */
    boolean refuse(Bytes id, byte[] digest) {
        return store.putIfAbsent(refusedKey(id, digest), PRESENT) != null;
    }

    @Nullable
    Holder holder(Bytes key) {
        byte[] value = store.get(key);
        if (value == null) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        var position = new SourcePosition(in.getInt(), in.getLong());
        byte[] digest = new byte[in.remaining()];
        in.get(digest);
        return new Holder(position, digest);
    }

    void hold(Bytes key, SourcePosition position, byte[] digest) {
        ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + Long.BYTES + digest.length);
        out.putInt(position.partition()).putLong(position.offset()).put(digest);
        store.put(key, out.array());
    }
}
