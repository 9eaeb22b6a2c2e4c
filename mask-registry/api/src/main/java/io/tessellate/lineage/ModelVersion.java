package io.tessellate.lineage;

import io.tessellate.lineage.log.CertifiedTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model.
 *
 * @param number its number, from 1
 * @param builtOn the version it was made from; 0 is the base
 * @param holding the adapters in it
 * @param certificate what it vouches for, one entry for each task held; empty under shared ownership
 * @param at when it was made
 * @param trained the commit that made it; null where it was composed of adapters that were there
 */
public record ModelVersion(
        int number,
        int builtOn,
        Holding holding,
        List<CertifiedTask> certificate,
        Instant at,
        @Nullable CommittedVersion trained) {
    public ModelVersion {
        certificate = List.copyOf(certificate);
    }

    /** The commit that made it, if a training did. */
    public Optional<CommittedVersion> commit() {
        return Optional.ofNullable(trained);
    }
}
