package io.tessellate.worker;

import io.tessellate.id.RunId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was closed before one dataset of a model, and what follows from it for that one.
 *
 * @param before earlier datasets of the model, in order
 */
record Predecessors(List<TaskIndex.Closed> before) {
    Predecessors {
        before = List.copyOf(before);
    }

    /** The parallel tasks right before it: those it is trained beside. */
    List<TaskIndex.Closed> companions() {
        List<TaskIndex.Closed> companions = new ArrayList<>();
        for (int n = before.size() - 1; n >= 0 && before.get(n).parallel(); n--) {
            companions.add(0, before.get(n));
        }
        return companions;
    }

    /**
     * The version before the first companion's commit: the one that all of them train on, whoever is done first. Thus what a
     * task learns does not depend on how fast the others are.
     */
    int commonParent(ModelLine line) {
        Set<RunId> runs = companions().stream().map(TaskIndex.Closed::run).collect(Collectors.toSet());
        return line.versions().stream()
                        .filter(version -> runs.contains(version.run()))
                        .mapToInt(CommittedVersion::number)
                        .min()
                        .orElse(line.currentVersion() + 1)
                - 1;
    }
}
