package io.tessellate.evaluator.analysis;

import io.tessellate.engine.metric.Score;
import io.tessellate.evaluator.scoring.TaskProbe;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.mask.LayerName;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.Factors;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.Map;
import java.util.TreeMap;

/** Compositions scored on the engine. */
final class ProbedCompositions implements CompositionScores {
    private final TaskProbe probe;

    ProbedCompositions(TaskProbe probe) {
        this.probe = probe;
    }

    @Override
    public Scored of(Composition composition) {
        Score score = probe.score(composition.commits().stream()
                .map(commit -> adapter(composition, commit))
                .toList());
        return new Scored(score.value(), score.outcomes(probe.metric()));
    }

    private Adapter adapter(Composition composition, CommittedVersion commit) {
        Adapter whole = probe.adapter(commit);
        return composition
                .cut()
                .filter(cut -> cut.commit().number() == commit.number())
                .map(cut -> without(whole, cut.layer()))
                .orElse(whole);
    }

    private static Adapter without(Adapter adapter, LayerName layer) {
        return new Adapter(
                adapter.metadata(),
                adapter.updates().stream()
                        .filter(update -> !layer.equals(LayerName.of(update.name())))
                        .toList(),
                adapter.head(),
                adapter.factors().stream()
                        .filter((Factors factors) -> !layer.equals(LayerName.of(factors.tensor())))
                        .toList());
    }

    @Override
    public Map<LayerName, Long> layers(CommittedVersion commit) {
        Map<LayerName, Long> entries = new TreeMap<>();
        for (TensorUpdate update : probe.adapter(commit).updates()) {
            entries.merge(LayerName.of(update.name()), (long) update.count(), Long::sum);
        }
        return entries;
    }
}
