package io.tessellate.evaluator.scoring;

import io.tessellate.engine.metric.Score;
import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scoring on the engine: base and adapters from the blob store, eval splits from their topics. What cannot be scored, and never
 * will, is a result as well: the others of the version are scored beside it.
 */
final class EncoderScoring implements TaskScoring {
    private static final Logger LOG = LoggerFactory.getLogger(EncoderScoring.class);
    private static final String UNKNOWN_METRIC = "unknown";

    private final LiveModels models;
    private final EvalSource sets;
    private final BlobStore blobs;
    private final ScoringStarts starts;
    private final Clock clock;
    private final TaskViewMode mode;
    /** Of each model the last version that could not be loaded. */
    private final Map<Asked, Evaluation.NotMeasured> unloadable = new HashMap<>();

    EncoderScoring(
            LiveModels models, EvalSource sets, BlobStore blobs, ScoringStarts starts, Clock clock, TaskViewMode mode) {
        this.models = models;
        this.sets = sets;
        this.blobs = blobs;
        this.starts = starts;
        this.clock = clock;
        this.mode = mode;
    }

    @Override
    public List<Evaluation> score(ModelLine line, int version, CommittedVersion commit, Cancellation cancellation) {
        models.inUse();
        try {
            return scored(new OneTask(line, version, commit, cancellation));
        } finally {
            models.givenBack();
        }
    }

    /** A version that cannot be loaded is no task's fault, and is found out about once, not again by each of its tasks. */
    private List<Evaluation> scored(OneTask task) {
        Evaluation.NotMeasured known = unloadable.get(task.asked());
        if (known != null) {
            return task.both(known);
        }
        LiveModel live;
        try {
            live = task.live();
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "version {} of {} cannot be loaded",
                    task.asked().version(),
                    task.asked().model(),
                    e);
            unloadable
                    .keySet()
                    .removeIf(other -> other.model().equals(task.asked().model()));
            unloadable.put(task.asked(), notMeasured(e));
            return task.both(notMeasured(e));
        }
        try (MemoryBudget.Admission admitted = task.admit(live)) {
            return task.score();
        }
    }

    @Override
    public List<Evaluation> notMeasured(
            ModelLine line, int version, CommittedVersion commit, Evaluation.NotMeasured why) {
        return new OneTask(line, version, commit, new Cancellation()).both(why);
    }

    static Evaluation.NotMeasured notMeasured(Throwable failure) {
        return failure instanceof TessellateException known
                ? new Evaluation.NotMeasured(known.code(), String.valueOf(known.getMessage()))
                : new Evaluation.NotMeasured(ErrorCode.DEFECT, failure.toString());
    }

    @Override
    public void close() {
        models.close();
    }

    private record Asked(ModelName model, int version) {}

    private final class OneTask {
        private final ModelLine line;
        private final int version;
        private final CommittedVersion commit;
        private final Cancellation cancellation;
        private String metric = UNKNOWN_METRIC;
        private Optional<Double> budget = Optional.empty();

        OneTask(ModelLine line, int version, CommittedVersion commit, Cancellation cancellation) {
            this.line = line;
            this.version = version;
            this.commit = commit;
            this.cancellation = cancellation;
        }

        Asked asked() {
            return new Asked(line.name(), version);
        }

        /** The weights, loaded if they are not there or not to be relied on. */
        LiveModel live() {
            return starts.loading(line.name(), version, () -> models.at(line, version));
        }

        /** Before it is scored; a split that cannot be read is found out about when it is scored. */
        MemoryBudget.Admission admit(LiveModel live) {
            cancellation.check();
            List<EvalSet> readable = List.of();
            try {
                readable = List.of(sets.of(live.base(), commit));
            } catch (RetriableException | StoppedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.debug("{} is not read before version {} is scored", commit.task(), version, e);
            }
            return models.admit("scoring %s at version %d".formatted(commit.task(), version), live, readable);
        }

        /** The own view of the task that made the version is the union: the same weights, scored a moment ago. */
        List<Evaluation> score() {
            Evaluation union = guarded(View.UNION, () -> scored(View.UNION));
            return List.of(
                    union, commit.number() == version ? union.in(View.TASK) : guarded(View.TASK, this::provenOrScored));
        }

        List<Evaluation> both(Evaluation.NotMeasured why) {
            return Arrays.stream(View.values())
                    .map(view -> evaluation(view, why))
                    .toList();
        }

        /** After a failure that nobody foresaw the weights may be halfway between two views: they are loaded anew. */
        private Evaluation guarded(View view, Supplier<Evaluation> work) {
            cancellation.check();
            metric = UNKNOWN_METRIC;
            budget = Optional.empty();
            try {
                return work.get();
            } catch (RetriableException | StoppedException e) {
                throw e;
            } catch (TessellateException e) {
                LOG.warn("{} cannot be measured at version {}: {}", commit.task(), version, e.getMessage());
                return evaluation(view, notMeasured(e));
            } catch (RuntimeException | Error e) {
                LOG.error("{} cannot be measured at version {}", commit.task(), version, e);
                models.doubt(line);
                return evaluation(view, notMeasured(e));
            }
        }

        /** What is proven by its bytes is scored when its turn comes; what cannot be proven, always. */
        private Evaluation provenOrScored() {
            List<CommittedVersion> earlier = line.holding(version).commits().stream()
                    .filter(held -> held.number() != version)
                    .toList();
            Optional<Evaluation> proven = mode.scores(version, earlier, commit)
                    ? Optional.empty()
                    : live().proven(line, commit).map(weights -> evaluation(View.TASK, new Evaluation.Proven(weights)));
            return proven.orElseGet(() -> scored(View.TASK));
        }

        private Evaluation scored(View view) {
            LiveModel live = live();
            return evaluation(view, starts.scoring(line.name(), commit.task().task(), () -> measured(live, view)));
        }

        private Holding holding(View view) {
            return switch (view) {
                case UNION -> line.holding(version);
                case TASK -> line.taskView(commit);
            };
        }

        private Evaluation.Result measured(LiveModel live, View view) {
            EvalSet set = sets.of(live.base(), commit);
            metric = set.metric().label();
            budget = set.budget();
            models.requireRoom("scoring %s".formatted(commit.task()), live, set);
            Score score = live.score(live.with(holding(view)), live.head(commit), set);
            if (!Double.isFinite(score.value())) {
                return new Evaluation.NotMeasured(
                        ErrorCode.NOT_MEASURABLE,
                        "%s over %d examples of the eval split is %s, which is no score"
                                .formatted(set.metric().label(), score.examples(), score.value()));
            }
            Blob hits = blobs.put(
                    "%s.%d.%s.%s.jsonl"
                            .formatted(line.name(), version, commit.task().task(), view.label()),
                    HitsFile.of(set, score));
            return new Evaluation.Measured(
                    score.value(),
                    score.examples(),
                    set.leftOut(),
                    score.digest(),
                    new Evaluation.Hits(hits.name(), hits.sha256(), hits.bytes()),
                    ScoreInterval.of(score.outcomes(set.metric())));
        }

        private Evaluation evaluation(View view, Evaluation.Result result) {
            return new Evaluation(
                    line.name(),
                    version,
                    line.holding(version).taskNames(),
                    commit.task().task(),
                    view,
                    metric,
                    result,
                    clock.instant(),
                    commit.number(),
                    budget);
        }
    }
}
