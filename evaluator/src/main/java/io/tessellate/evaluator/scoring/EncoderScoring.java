package io.tessellate.evaluator.scoring;

import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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

    EncoderScoring(LiveModels models, EvalSource sets, BlobStore blobs, ScoringStarts starts, Clock clock) {
        this.models = models;
        this.sets = sets;
        this.blobs = blobs;
        this.starts = starts;
        this.clock = clock;
    }

    @Override
    public List<Evaluation> score(ModelLine line, int version, Cancellation cancellation) {
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
        List<Evaluation> all = new ArrayList<>();
        for (int task = 0; task < version; task++) {
            all.add(scoring.score(task, View.UNION));
        }
        // The newest task's own view is the union: the same weights, scored a moment ago.
        all.add(all.get(version - 1).in(View.TASK));
        for (int task = version - 2; task >= 0; task--) {
            all.add(scoring.score(task, View.TASK));
        }
        return all;
    }

    @Override
    public List<Evaluation> notMeasured(ModelLine line, int version, Evaluation.NotMeasured why) {
        List<TaskName> tasks =
                line.tasksUpTo(version).stream().map(TaskId::task).toList();
        List<Evaluation> all = new ArrayList<>();
        for (TaskName task : tasks) {
            for (View view : View.values()) {
                all.add(new Evaluation(line.name(), version, tasks, task, view, UNKNOWN_METRIC, why, clock.instant()));
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

        OneVersion(LiveModel live, ModelLine line, int version, Cancellation cancellation) {
            this.live = live;
            this.line = line;
            this.version = version;
            this.tasks = line.tasksUpTo(version).stream().map(TaskId::task).toList();
            this.cancellation = cancellation;
        }

        /** After a failure that nobody foresaw the weights may be halfway between two views: they are loaded anew. */
        Evaluation score(int task, View view) {
            cancellation.check();
            metric = UNKNOWN_METRIC;
            try {
                live = inDoubt ? starts.loading(line.name(), version, () -> models.anew(line, version)) : live;
                inDoubt = false;
                return evaluation(task, view, starts.scoring(line.name(), tasks.get(task), () -> measured(task, view)));
            } catch (RetriableException | StoppedException e) {
                throw e;
            } catch (TessellateException e) {
                LOG.warn("{} cannot be measured at version {}: {}", tasks.get(task), version, e.getMessage());
                return evaluation(task, view, notMeasured(e));
            } catch (RuntimeException | Error e) {
                LOG.error("{} cannot be measured at version {}", tasks.get(task), version, e);
                inDoubt = true;
                return evaluation(task, view, notMeasured(e));
            }
        }

        private Weights weights(int task, View view) {
            return switch (view) {
                case UNION -> live.views().union();
                case TASK -> live.views().task(task);
            };
        }

        private Evaluation.Result measured(int task, View view) {
            EvalSet set = sets.of(live.base(), line.version(task + 1));
            metric = set.metric().label();
            Score score = live.score(weights(task, view), live.views().head(task), set);
            if (!Double.isFinite(score.value())) {
                return new Evaluation.NotMeasured(
                        ErrorCode.NOT_MEASURABLE,
                        "%s over %d examples of the eval split is %s, which is no score"
                                .formatted(set.metric().label(), score.examples(), score.value()));
            }
            Blob hits = blobs.put(
                    "%s.%d.%s.%s.jsonl".formatted(line.name(), version, tasks.get(task), view.label()),
                    HitsFile.of(set, score));
            return new Evaluation.Measured(
                    score.value(),
                    score.examples(),
                    set.leftOut(),
                    score.digest(),
                    new Evaluation.Hits(hits.name(), hits.sha256(), hits.bytes()));
        }

        private Evaluation evaluation(int task, View view, Evaluation.Result result) {
            return new Evaluation(line.name(), version, tasks, tasks.get(task), view, metric, result, clock.instant());
        }
    }
}
