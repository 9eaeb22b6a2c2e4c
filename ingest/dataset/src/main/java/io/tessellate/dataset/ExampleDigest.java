package io.tessellate.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Digest of one example's content (docs/format/dataset-digest.md): split, texts and label, but not the id.
 *
 * <p>Not thread-safe: the underlying SHA-256 is reused from example to example.
 */
public final class ExampleDigest {
    private static final byte[] DOMAIN = "tessellate-example-1\n".getBytes(UTF_8);

    private final MessageDigest sha = Sha256.newDigest();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    /** The 32 bytes of an example's digest. */
    public byte[] of(Example example) {
        sha.update(DOMAIN);
        sha.update((byte) (example.split() == Split.TRAIN ? 't' : 'e'));
        text(example.text());
        text(example.textPair());
        label(example.label());
        return sha.digest();
    }

    private void label(Label label) {
        if (label instanceof Label.ClassIndex aClass) {
            sha.update((byte) 'c');
            integer(aClass.index());
        } else if (label instanceof Label.Real real) {
            sha.update((byte) 'r');
            update(number.clear().putLong(Double.doubleToLongBits(real.value())));
        } else if (label instanceof Label.Choice choice) {
            sha.update((byte) 'm');
            integer(choice.index());
            integer(choice.choices().size());
            choice.choices().forEach(this::text);
        } else if (label instanceof Label.Reply reply) {
            sha.update((byte) 'd');
            text(reply.text());
            text(reply.said());
        } else {
            sha.update((byte) 'g');
            text(label.completion());
        }
    }

    private void text(@Nullable String text) {
        if (text == null) {
            sha.update((byte) 0);
            return;
        }
        byte[] bytes = text.getBytes(UTF_8);
        sha.update((byte) 1);
        integer(bytes.length);
        sha.update(bytes);
    }

    private void integer(int value) {
        update(number.clear().putInt(value));
    }

    private void update(ByteBuffer filled) {
        sha.update(filled.flip());
    }
}
