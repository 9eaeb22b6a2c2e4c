package io.tessellate.evaluator.scoring;

import io.tessellate.engine.model.Weights;
import io.tessellate.engine.train.Score;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.Cancellation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Scoring on the engine: base and adapters from the blob store, eval splits from their topics. */
final class EncoderScoring implements VersionScoring {
    private final LiveModels models;
    private final EvalSource sets;
    private final BlobStore blobs;
    private final Clock clock;

    EncoderScoring(LiveModels models, EvalSource sets, BlobStore blobs, Clock clock) {
        this.models = models;
        this.sets = sets;
        this.blobs = blobs;
        this.clock = clock;
    }

    @Override
    public List<Evaluation> score(ModelLine line, int version, Cancellation cancellation) {
        LiveModel live = models.at(line, version);
        var scoring = new OneVersion(live, line, version, cancellation);
        List<Evaluation> all = new ArrayList<>();
        for (int task = 0; task < version; task++) {
            all.add(scoring.score(live.views().union(), task, View.UNION));
        }
        // The newest task's own view is the union: the same weights, scored a moment ago.
        all.add(scoring.sameInTaskView(all.get(version - 1)));
        for (int task = version - 2; task >= 0; task--) {
            all.add(scoring.score(live.views().task(task), task, View.TASK));
        }
        return all;
    }

    @Override
    public void close() {
        models.close();
    }

    private final class OneVersion {
        private final LiveModel live;
        private final ModelLine line;
        private final int version;
        private final List<TaskName> tasks;
        private final Cancellation cancellation;

        OneVersion(LiveModel live, ModelLine line, int version, Cancellation cancellation) {
            this.live = live;
            this.line = line;
            this.version = version;
            this.tasks = line.tasksUpTo(version).stream().map(TaskId::task).toList();
            this.cancellation = cancellation;
        }

        Evaluation score(Weights weights, int task, View view) {
            cancellation.check();
            CommittedVersion committed = line.version(task + 1);
            EvalSet set = sets.of(live.base(), committed);
            Score score = live.score(weights, live.views().head(task), set);
            Blob hits = blobs.put(
                    "%s-%d-%s-%s.jsonl".formatted(line.name(), version, tasks.get(task), view.label()),
                    HitsFile.of(set, score));
            return evaluation(tasks.get(task), view, set, score, hits);
        }

        private Evaluation evaluation(TaskName task, View view, EvalSet set, Score score, Blob hits) {
            return new Evaluation(
                    line.name(),
                    version,
                    tasks,
                    task,
                    view,
                    set.metric().label(),
                    score.value(),
                    score.examples(),
                    score.digest(),
                    new Evaluation.Hits(hits.name(), hits.sha256(), hits.bytes()),
                    clock.instant());
        }

        Evaluation sameInTaskView(Evaluation union) {
            return new Evaluation(
                    union.model(),
                    union.version(),
                    union.versionTasks(),
                    union.task(),
                    View.TASK,
                    union.metric(),
                    union.score(),
                    union.examples(),
                    union.predictions(),
                    union.hits(),
                    union.at());
        }
    }
}
