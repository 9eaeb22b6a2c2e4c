package io.tessellate.pipeline.check;

import io.tessellate.id.Sha256;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A version as the log makes it.
 *
 * @param number what the log calls it
 * @param builtOn the commits that its parent held
 * @param holds the commits whose adapters it holds
 * @param certificate what it vouches for
 * @param event what made it, with its place
 * @param commit the commit that did, if one did
 */
record Version(
        String model,
        int number,
        List<Commit> builtOn,
        List<Commit> holds,
        List<CertifiedTask> certificate,
        Placed<LoggedEvent> event,
        @Nullable Commit commit) {
    Version {
        builtOn = List.copyOf(builtOn);
        holds = List.copyOf(holds);
        certificate = List.copyOf(certificate);
    }

    List<String> tasks() {
        return holds.stream().map(Commit::task).toList();
    }

    /** The commit of a task that it holds. */
    Optional<Commit> of(String task) {
        return holds.stream().filter(held -> held.task().equals(task)).findFirst();
    }

    /** Identity of its weights. */
    VersionDigest digest(Sha256 base) {
        return VersionDigest.of(
                base, holds.stream().map(held -> new Sha256(held.adapter())).toList());
    }

    Breach breach(String what) {
        Breach breach = Breach.of(model, what).version(number).at(event);
        return commit == null ? breach : breach.task(commit.task());
    }
}
