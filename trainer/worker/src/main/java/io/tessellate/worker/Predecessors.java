package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.id.RunId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was closed before one dataset of a model, and what follows from it for that one.
 *
 * @param before earlier datasets of the model, in order
 */
record Predecessors(List<ClosedDataset> before) {
    Predecessors {
        before = List.copyOf(before);
    }

    /** Whether a dataset's manifest asks for it, whatever else is wrong with its recipe. */
    static boolean isParallel(ClosedDataset dataset) {
        return Boolean.TRUE.equals(dataset.manifest().recipe().get(RecipeField.PARALLEL.text()));
    }

    /** The parallel tasks right before it: those it is trained beside. */
    List<ClosedDataset> companions() {
        List<ClosedDataset> companions = new ArrayList<>();
        for (int n = before.size() - 1; n >= 0 && isParallel(before.get(n)); n--) {
            companions.add(0, before.get(n));
        }
        return companions;
    }

    /**
     * The version that the first companion's commit was built on: the one that all of them train on, whoever is done first. Thus what a
     * task learns does not depend on how fast the others are.
     */
    int commonParent(ModelLine line) {
        Set<RunId> runs = companions().stream().map(ClosedDataset::run).collect(Collectors.toSet());
        return line.commits().stream()
                .filter(commit -> runs.contains(commit.run()))
                .map(commit -> line.version(commit.number()).builtOn())
                .findFirst()
                .orElse(line.parent());
    }
}
