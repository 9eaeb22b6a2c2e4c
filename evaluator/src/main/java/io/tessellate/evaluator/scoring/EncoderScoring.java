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
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scoring on the engine: base and adapters from the blob store, eval splits from their topics. What cannot be scored, and never
 * will, is a result as well: the others of the version are scored beside it.
 */
final class EncoderScoring implements VersionScoring {
    private static final Logger LOG = LoggerFactory.getLogger(EncoderScoring.class);
    private static final String UNKNOWN_METRIC = "unknown";

    private final LiveModels models;
    private final EvalSource sets;
    private final BlobStore blobs;
    private final ScoringStarts starts;
    private final Clock clock;
    private final TaskViewMode mode;

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
    public List<Evaluation> score(ModelLine line, int version, Cancellation cancellation) {
        models.inUse();
        try {
            return scored(line, version, cancellation);
        } finally {
            models.givenBack();
        }
    }

    private List<Evaluation> scored(ModelLine line, int version, Cancellation cancellation) {
        LiveModel live;
        try {
            live = starts.loading(line.name(), version, () -> models.at(line, version));
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("version {} of {} cannot be loaded", version, line.name(), e);
            return notMeasured(line, version, notMeasured(e));
        }
        var scoring = new OneVersion(live, line, version, cancellation);
        List<CommittedVersion> held = line.holding(version).commits();
        try (MemoryBudget.Admission admitted = admit(live, line, version, cancellation)) {
            return scored(scoring, held, version);
        }
    }

    /** Once for all tasks, before the first is scored; a split that cannot be read is found out about when it is scored. */
    private MemoryBudget.Admission admit(LiveModel live, ModelLine line, int version, Cancellation cancellation) {
        List<EvalSet> readable = new ArrayList<>();
        for (CommittedVersion commit : line.holding(version).commits()) {
            cancellation.check();
            try {
                readable.add(sets.of(live.base(), commit));
            } catch (RetriableException | StoppedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                LOG.debug("{} is not read before version {} is scored", commit.task(), version, e);
            }
        }
        return models.admit("scoring version %d of %s".formatted(version, line.name()), live, readable);
    }

    private static List<Evaluation> scored(OneVersion scoring, List<CommittedVersion> held, int version) {
        List<Evaluation> all = new ArrayList<>();
        held.forEach(commit -> all.add(scoring.score(commit, View.UNION)));
        for (int task = held.size() - 1; task >= 0; task--) {
            CommittedVersion commit = held.get(task);
            // The own view of the task that made the version is the union: the same weights, scored a moment ago.
            all.add(commit.number() == version ? all.get(task).in(View.TASK) : scoring.taskView(commit));
        }
        return all;
    }

    @Override
    public List<Evaluation> notMeasured(ModelLine line, int version, Evaluation.NotMeasured why) {
        List<TaskName> tasks = line.holding(version).taskNames();
        List<Evaluation> all = new ArrayList<>();
        for (CommittedVersion commit : line.holding(version).commits()) {
            for (View view : View.values()) {
                all.add(new Evaluation(
                        line.name(),
                        version,
                        tasks,
                        commit.task().task(),
                        view,
                        UNKNOWN_METRIC,
                        why,
                        clock.instant(),
                        commit.number(),
                        Optional.empty()));
            }
        }
        return all;
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

    private final class OneVersion {
        private LiveModel live;
        private boolean inDoubt;
        private final ModelLine line;
        private final int version;
        private final List<TaskName> tasks;
        private final Cancellation cancellation;
        private String metric = UNKNOWN_METRIC;
        private Optional<Double> budget = Optional.empty();

        OneVersion(LiveModel live, ModelLine line, int version, Cancellation cancellation) {
            this.live = live;
            this.line = line;
            this.version = version;
            this.tasks = line.holding(version).taskNames();
            this.cancellation = cancellation;
        }

        /** After a failure that nobody foresaw the weights may be halfway between two views: they are loaded anew. */
        Evaluation score(CommittedVersion commit, View view) {
            cancellation.check();
            metric = UNKNOWN_METRIC;
            budget = Optional.empty();
            TaskName task = commit.task().task();
            try {
                live = inDoubt ? starts.loading(line.name(), version, () -> models.anew(line, version)) : live;
                inDoubt = false;
                return evaluation(commit, view, starts.scoring(line.name(), task, () -> measured(commit, view)));
            } catch (RetriableException | StoppedException e) {
                throw e;
            } catch (TessellateException e) {
                LOG.warn("{} cannot be measured at version {}: {}", task, version, e.getMessage());
                return evaluation(commit, view, notMeasured(e));
            } catch (RuntimeException | Error e) {
                LOG.error("{} cannot be measured at version {}", task, version, e);
                inDoubt = true;
                return evaluation(commit, view, notMeasured(e));
            }
        }

        /** What is proven by its bytes is scored when its turn comes; what cannot be proven, always. */
        Evaluation taskView(CommittedVersion commit) {
            cancellation.check();
            List<CommittedVersion> earlier = line.holding(version).commits().stream()
                    .filter(held -> held.number() != version)
                    .toList();
            return mode.scores(version, earlier, commit)
                    ? score(commit, View.TASK)
                    : proven(commit).orElseGet(() -> score(commit, View.TASK));
        }

        private Optional<Evaluation> proven(CommittedVersion commit) {
            if (inDoubt) {
                return Optional.empty();
            }
            metric = UNKNOWN_METRIC;
            return live.proven(line, commit)
                    .map(weights -> evaluation(commit, View.TASK, new Evaluation.Proven(weights)));
        }

        private Holding holding(CommittedVersion commit, View view) {
            return switch (view) {
                case UNION -> line.holding(version);
                case TASK -> line.taskView(commit);
            };
        }

        private Evaluation.Result measured(CommittedVersion commit, View view) {
            EvalSet set = sets.of(live.base(), commit);
            metric = set.metric().label();
            budget = set.budget();
            models.requireRoom("scoring %s".formatted(commit.task()), live, set);
            Score score = live.score(live.with(holding(commit, view)), live.head(commit), set);
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

        private Evaluation evaluation(CommittedVersion commit, View view, Evaluation.Result result) {
            return new Evaluation(
                    line.name(),
                    version,
                    tasks,
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
