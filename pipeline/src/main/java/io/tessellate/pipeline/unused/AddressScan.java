package io.tessellate.pipeline.unused;

import io.tessellate.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds addresses of blobs in records without knowing what the records are: an event names a blob by the 64 hexadecimal digits of its
 * SHA-256, which stand in the bytes as they are. So the events of a later version, and those that cannot be decoded, keep what they
 * name too. What only looks like an address keeps a file that could go, never the other way round.
 */
final class AddressScan {
    private static final int DIGITS = 64;

    private final Set<Sha256> found = new HashSet<>();

    /** Looks through a record. */
    void read(byte[] record) {
        int run = 0;
        for (int i = 0; i < record.length; i++) {
            run = isDigit(record[i]) ? run + 1 : 0;
            if (run >= DIGITS) {
                found.add(new Sha256(new String(record, i + 1 - DIGITS, DIGITS, StandardCharsets.US_ASCII)));
            }
        }
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9' || value >= 'a' && value <= 'f';
    }

    /** Whether a record named a blob. */
    boolean names(Sha256 address) {
        return found.contains(address);
    }
}
