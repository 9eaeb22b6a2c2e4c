package io.tessellate.mask.adapter;

import io.tessellate.id.Sha256;
import java.security.MessageDigest;
import java.util.List;

/**
 * Identity of a version: the base's digest for version 0, else SHA-256 over the digest of the version before and the digest
 * of the adapter committed on it. Two versions have the same digest if they have the same base and adapters in the same order.
 */
public record VersionDigest(Sha256 value) {
    /** Version 0. */
    public static VersionDigest base(Sha256 base) {
        return new VersionDigest(base);
    }

    /** The version with these adapters, in the order of their commits. */
    public static VersionDigest of(Sha256 base, List<Sha256> adapters) {
        VersionDigest version = base(base);
        for (Sha256 adapter : adapters) {
            version = version.then(adapter);
        }
        return version;
    }

    /** The version that follows by committing an adapter. */
    public VersionDigest then(Sha256 adapter) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(value.bytes());
        digest.update(adapter.bytes());
        return new VersionDigest(Sha256.of(digest));
    }

    @Override
    public String toString() {
        return value.hex();
    }
}
