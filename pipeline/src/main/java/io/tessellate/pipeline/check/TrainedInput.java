package io.tessellate.pipeline.check;

import io.tessellate.event.EarlierDataGone;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.log.RegistryEvent.MaskReserved;
import java.util.List;
import java.util.Map;

/**
 * Everything a run's weights follow from.
 *
 * @param task name of the task within its model
 * @param parent digest over the values of the version it was trained on and over the datasets they came from
 * @param records digest of the records, in their order
 * @param recipe the recipe with every default filled in
 * @param reserved what the registry granted: weights, class of an expander mask
 * @param leftOut earlier tasks that could not be replayed
 * @param machine versions and facts of the machine
 */
record TrainedInput(
        String task,
        Sha256 parent,
        Sha256 records,
        String recipe,
        String reserved,
        List<String> leftOut,
        Map<String, String> machine) {

    static TrainedInput of(
            ModelHistory model, Commit commit, Sha256 parent, Sha256 records, TrainingCompleted published) {
        String reserved = model.reservation(commit.event().value().token())
                .map(TrainedInput::grant)
                .orElse("");
        return new TrainedInput(
                commit.task(),
                parent,
                records,
                published.getRecipe(),
                reserved,
                published.getLeftOut().stream()
                        .map(EarlierDataGone::getTask)
                        .sorted()
                        .toList(),
                published.getEnvironment());
    }

    private static String grant(MaskReserved mask) {
        return "%s %d %s".formatted(mask.method(), mask.budget(), mask.lift());
    }
}
