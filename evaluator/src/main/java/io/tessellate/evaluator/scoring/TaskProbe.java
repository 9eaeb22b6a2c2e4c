package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.mask.adapter.Adapter;
import java.util.List;

/**
 * A task scored with whatever adapters a question is about, held by any version or by none. It holds the memory it needs until it is
 * closed. For one thread at a time.
 */
public final class TaskProbe implements AutoCloseable {
    private final LiveModel live;
    private final EvalSet set;
    private final CommittedVersion own;
    private final MemoryBudget.Admission admission;

    TaskProbe(LiveModel live, EvalSet set, CommittedVersion own, MemoryBudget.Admission admission) {
        this.live = live;
        this.set = set;
        this.own = own;
        this.admission = admission;
    }

    /** How many examples a score is of. */
    public int examples() {
        return set.examples().size();
    }

    /** Whether the task reads the model's own head, so that it has a score on whatever adapters; else its head is its own. */
    public boolean headless() {
        return set.objective().head().isEmpty();
    }

    /** What makes a score of them. */
    public MetricName metric() {
        return set.metric();
    }

    /** An adapter, read once. */
    public Adapter adapter(CommittedVersion commit) {
        return live.adapter(commit.adapter());
    }

    /**
     * The score with exactly these adapters on the base, in their order, by the task's own head. Moving from one list to the next costs
     * as much as the entries of the adapters behind what both begin with; an adapter is known by its object.
     *
     * @throws TessellateException NOT_MEASURABLE if it is no number
     */
    public Score score(List<Adapter> adapters) {
        Score score = live.score(live.with(adapters), live.head(own), set);
        if (!Double.isFinite(score.value())) {
            throw new TessellateException(
                    ErrorCode.NOT_MEASURABLE,
                    "%s of %s over %d examples is %s with the adapters of %s, which is no score"
                            .formatted(
                                    metric().label(),
                                    own.task(),
                                    score.examples(),
                                    score.value(),
                                    adapters.stream()
                                            .map(adapter -> adapter.metadata().task())
                                            .toList()));
        }
        return score;
    }

    @Override
    public void close() {
        try (MemoryBudget.Admission until = admission) {
            live.close();
        }
    }
}
