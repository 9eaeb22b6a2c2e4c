package io.tessellate.evaluator.analysis;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.mask.LayerName;
import java.util.Map;

/** Scores one task with adapters that are put together for the question. */
interface CompositionScores {
    /** The task's score by its own head. */
    Scored of(Composition composition);

    /** How many entries of each layer an adapter sets. */
    Map<LayerName, Long> layers(CommittedVersion commit);
}
