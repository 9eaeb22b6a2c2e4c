package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.Decoding;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.ManifestRules;
import io.tessellate.engine.metric.Metric;
import io.tessellate.engine.train.EncodedExample;
import io.tessellate.engine.train.Measure;
import io.tessellate.engine.train.Objective;
import io.tessellate.event.TaskManifest;
import java.util.List;

/**
 * What a task is measured on, and how.
 *
 * @param ids identity of each example; empty where it has none
 */
record EvalSet(Objective objective, Measure measure, List<EncodedExample> examples, List<String> ids) {
    EvalSet {
        examples = List.copyOf(examples);
        ids = List.copyOf(ids);
    }

    static EvalSet of(TaskManifest manifest, List<EncodedExample> encoded, List<Example> examples) {
        return new EvalSet(
                objective(manifest),
                new Measure(Metric.named(ManifestRules.metric(manifest)), Decoding.of(manifest.getDecoding())),
                encoded,
                examples.stream()
                        .map(example -> example.id() == null ? "" : example.id())
                        .toList());
    }

    Metric metric() {
        return measure.metric();
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
