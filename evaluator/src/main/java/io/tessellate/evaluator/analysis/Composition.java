package io.tessellate.evaluator.analysis;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.mask.LayerName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Adapters on a base that no version need hold.
 *
 * @param commits what brought them, in the order of their numbers, in which they are applied
 * @param cut a layer that one of them is applied without
 */
record Composition(List<CommittedVersion> commits, Optional<Cut> cut) {
    /** One layer of one adapter. */
    record Cut(CommittedVersion commit, LayerName layer) {}

    Composition {
        commits = List.copyOf(commits);
    }

    static Composition of(Holding holding) {
        return new Composition(holding.commits(), Optional.empty());
    }

    boolean has(CommittedVersion commit) {
        return commits.stream().anyMatch(held -> held.number() == commit.number());
    }

    /** The same with the adapters that it lacks, and without those that it has. */
    Composition toggled(List<CommittedVersion> others) {
        List<CommittedVersion> result = new ArrayList<>(commits);
        for (CommittedVersion other : others) {
            if (!result.removeIf(held -> held.number() == other.number())) {
                result.add(other);
            }
        }
        result.sort(Comparator.comparingInt(CommittedVersion::number));
        return new Composition(result, cut);
    }

    Composition without(CommittedVersion commit, LayerName layer) {
        return new Composition(commits, Optional.of(new Cut(commit, layer)));
    }
}
