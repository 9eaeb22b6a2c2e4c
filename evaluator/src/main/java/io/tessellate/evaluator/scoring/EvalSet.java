package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.ManifestRules;
import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.train.EncodedExample;
import io.tessellate.engine.train.Objective;
import io.tessellate.event.TaskManifest;
import java.util.List;

/**
 * What a task is measured on.
 *
 * @param ids identity of each example; empty where it has none
 */
record EvalSet(Objective objective, Metric metric, List<EncodedExample> examples, List<String> ids) {
    EvalSet {
        examples = List.copyOf(examples);
        ids = List.copyOf(ids);
    }

    static EvalSet of(TaskManifest manifest, List<EncodedExample> encoded, List<Example> examples) {
        return new EvalSet(
                objective(manifest),
                Metric.named(ManifestRules.metric(manifest)),
                encoded,
                examples.stream()
                        .map(example -> example.id() == null ? "" : example.id())
                        .toList());
    }

    static Objective objective(TaskManifest manifest) {
        return switch (manifest.getObjective()) {
            case CLASSIFICATION -> Objective.CLASSIFICATION;
            case REGRESSION -> Objective.REGRESSION;
            case MULTIPLE_CHOICE ->
                ManifestRules.byLikelihood(manifest) ? Objective.GENERATION : Objective.MULTIPLE_CHOICE;
            case GENERATION -> Objective.GENERATION;
        };
    }
}
