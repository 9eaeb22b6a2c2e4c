package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.plan.BackendMemory;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.PlannedModel;
import io.tessellate.engine.precision.Precision;
import java.util.List;
import java.util.Optional;

/**
 * What a task is measured on, and how.
 *
 * @param ids identity of each example; empty where it has none
 * @param leftOut examples of the split that are not among them, since {@code maxLength} leaves nothing to score
 * @param budget largest drop that its manifest allows later versions
 */
record EvalSet(
        TrainingObjective objective,
        Measure measure,
        List<EncodedExample> examples,
        List<String> ids,
        int leftOut,
        Optional<Double> budget) {
    EvalSet {
        examples = List.copyOf(examples);
        ids = List.copyOf(ids);
    }

    /** A split as far as it can be scored. */
    static EvalSet of(Manifest manifest, FittedSplit fitted, List<Example> split) {
        List<Example> kept = fitted.kept().stream().map(split::get).toList();
        return of(manifest, fitted.examples(), kept, fitted.cutOff());
    }

    /** A split of which everything can be scored. */
    static EvalSet of(Manifest manifest, List<EncodedExample> encoded, List<Example> examples) {
        return of(manifest, encoded, examples, 0);
    }

    private static EvalSet of(Manifest manifest, List<EncodedExample> encoded, List<Example> examples, int leftOut) {
        return new EvalSet(
                TrainingObjective.declaredBy(manifest),
                new Measure(manifest.metric(), manifest.decoding()),
                encoded,
                examples.stream()
                        .map(example -> example.id() == null ? "" : example.id())
                        .toList(),
                leftOut,
                manifest.forgettingBudget());
    }

    /** The same, measured in a precision. */
    EvalSet in(Precision precision) {
        return new EvalSet(objective, measure.in(precision), examples, ids, leftOut, budget);
    }

    /** What it takes of memory to score it. */
    MemoryPlan plan(PlannedModel model, BackendMemory backend) {
        List<EncodedExample> all = metric().kind() == MetricName.Kind.CHOICES
                ? examples.stream()
                        .flatMap(example -> example.rivals().completions().stream())
                        .toList()
                : examples;
        return model.scoring(
                measure.precision(),
                objective.head().isEmpty(),
                all.stream()
                        .map(example -> example.sequences().stream()
                                .mapToInt(TokenSequence::length)
                                .toArray())
                        .toList(),
                measure.generated(examples),
                backend);
    }

    MetricName metric() {
        return measure.metric();
    }
}
