package io.tessellate.worker;

import io.tessellate.dataset.manifest.RecipeValues;
import io.tessellate.event.TaskReady;
import io.tessellate.id.RunId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.recipe.RecipeField;
import io.tessellate.registry.client.DatasetIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was closed before one dataset of a model, and what follows from it for that one.
 *
 * @param before earlier datasets of the model, in order
 */
record Predecessors(List<DatasetIndex.Closed> before) {
    Predecessors {
        before = List.copyOf(before);
    }

    /** Whether a dataset's manifest asks for it, whatever else is wrong with its recipe. */
    static boolean isParallel(TaskReady dataset) {
        return Boolean.TRUE.equals(
                RecipeValues.given(dataset.getManifest().getRecipe()).get(RecipeField.PARALLEL.text()));
    }

    /** The parallel tasks right before it: those it is trained beside. */
    List<DatasetIndex.Closed> companions() {
        List<DatasetIndex.Closed> companions = new ArrayList<>();
        for (int n = before.size() - 1; n >= 0 && isParallel(before.get(n).dataset()); n--) {
            companions.add(0, before.get(n));
        }
        return companions;
    }

    /**
     * The version before the first companion's commit: the one that all of them train on, whoever is done first. Thus what a
     * task learns does not depend on how fast the others are.
     */
    int commonParent(ModelLine line) {
        Set<RunId> runs = companions().stream().map(DatasetIndex.Closed::run).collect(Collectors.toSet());
        return line.versions().stream()
                        .filter(version -> runs.contains(version.run()))
                        .mapToInt(CommittedVersion::number)
                        .min()
                        .orElse(line.currentVersion() + 1)
                - 1;
    }
}
