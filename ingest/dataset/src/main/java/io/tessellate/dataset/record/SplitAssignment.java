package io.tessellate.dataset.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Quotation;
import io.tessellate.error.ErrorCode;
import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which split an example belongs to (docs/format/dataset-digest.md). Without a name the texts decide, not id or label: equal
 * texts never lie in both splits.
 */
final class SplitAssignment {
    private static final byte[] DOMAIN = "tessellate-split-1\n".getBytes(UTF_8);
    private static final int UNUSED_BITS = Long.SIZE - 53;
    private static final double SCALE = 0x1p-53;

    private final double evalShare;
    private final MessageDigest sha = Sha256.newDigest();

    SplitAssignment(double evalShare) {
        this.evalShare = evalShare;
    }

    Split byName(Field field, Object value) throws RefusedException {
        if (!Field.isName(value)) {
            throw field.unexpected(value, ValueShape.Due.SPLIT);
        }
        Optional<Split> split = Split.parse(value.toString().toLowerCase(Locale.ROOT));
        if (split.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.UNKNOWN_SPLIT,
                    "field '%s' holds '%s', not 'train' or 'eval'",
                    field.name(),
                    Quotation.of(value));
        }
        return split.get();
    }

    Split byContent(String text, @Nullable String pair) {
        sha.update(DOMAIN);
        sha.update(text.getBytes(UTF_8));
        if (pair != null) {
            sha.update((byte) 0);
            sha.update(pair.getBytes(UTF_8));
        }
        long bits = ByteBuffer.wrap(sha.digest()).getLong() >>> UNUSED_BITS;
        return bits * SCALE < evalShare ? Split.EVAL : Split.TRAIN;
    }
}
