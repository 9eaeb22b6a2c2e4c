package io.tessellate.ingest;

import io.tessellate.dataset.RecipeText;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TaskRejected;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides when a dataset is complete, and says whether it is sound. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final IngestSettings settings;
    private final TaskTopics topics;
    private final Outbox outbox;
    private final IngestMetrics metrics;

    /** Name of a task's topic. */
    interface TaskTopics {
        String of(Dataset dataset);
    }

    Closing(IngestSettings settings, TaskTopics topics, Outbox outbox, IngestMetrics metrics) {
        this.settings = settings;
        this.topics = topics;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /** Closes the dataset if all announced records were read. */
    void settle(Dataset dataset) {
        Rules rules = dataset.rules();
        if (dataset.phase() == Phase.FILLING && rules != null && rules.closes()) {
            Long expected = rules.expected();
            if (expected != null && dataset.tally().read() >= expected) {
                conclude(dataset, rules);
            }
        }
    }

    /** Closes the dataset if it has been quiet for long enough; whether it did. */
    boolean settleQuiet(Dataset dataset, long now) {
        Rules rules = dataset.rules();
        if (dataset.phase() != Phase.FILLING || rules == null || !rules.closes() || dataset.waiting() > 0) {
            return false;
        }
        boolean mayBeAll = rules.expected() == null && dataset.tally().read() > 0;
        long limit = (mayBeAll ? settings.idleTime() : settings.patience()).toMillis();
        if (dataset.quietFor(now) < limit) {
            return false;
        }
        conclude(dataset, rules);
        return true;
    }

    /** Closes a refused attempt after all if it is sound under a mended manifest; whether it is. */
    boolean mends(Dataset dataset, Rules mended) {
        if (Verdict.on(dataset.tally(), mended) instanceof Verdict.Sound) {
            dataset.judgeBy(mended);
            accept(dataset, mended);
            return true;
        }
        return false;
    }

    /** Says once more that the dataset is ready; whoever knows it already calls it a duplicate. */
    void repeat(Dataset dataset, Rules rules) {
        TaskReady ready = ready(dataset, rules);
        outbox.say(dataset.task(), event -> event.setReady(ready));
    }

    private void conclude(Dataset dataset, Rules rules) {
        if (Verdict.on(dataset.tally(), rules) instanceof Verdict.Unsound unsound) {
            reject(dataset, unsound);
        } else {
            accept(dataset, rules);
        }
    }

    private void accept(Dataset dataset, Rules rules) {
        dataset.become(Phase.CLOSED);
        repeat(dataset, rules);
        dataset.noteReport(outbox.now());
        metrics.closed();
        LOG.info("{} closed: {}", dataset.task(), dataset.tally().counts());
    }

    /** Ends the attempt. */
    void reject(Dataset dataset, Verdict.Unsound unsound) {
        dataset.become(Phase.REJECTED);
        sayRejected(dataset, unsound);
        dataset.noteReport(outbox.now());
    }

    /** Ends the attempt, if it has not come to its end already. */
    void rejectUnlessClosed(Dataset dataset, Verdict.Unsound unsound) {
        if (dataset.phase() == Phase.FILLING) {
            reject(dataset, unsound);
        }
    }

    /** Refuses a manifest without ending anything. */
    void sayRejected(Dataset dataset, Verdict.Unsound unsound) {
        sayRejected(dataset.task(), dataset.tally().counts(), unsound);
    }

    /** The same for a task of which this place may know nothing. */
    void sayRejected(TaskId task, @Nullable RecordCounts counts, Verdict.Unsound unsound) {
        TaskRejected rejected = TaskRejected.newBuilder()
                .setCode(unsound.code().name())
                .setMessage(unsound.message())
                .setCounts(counts)
                .build();
        outbox.say(task, event -> event.setRejected(rejected));
        metrics.rejected(unsound.code());
        LOG.info("{} rejected: {}: {}", task, unsound.code(), unsound.message());
    }

    private TaskReady ready(Dataset dataset, Rules rules) {
        Tally tally = dataset.tally();
        String digest = tally.digest();
        String recipe = RecipeText.of(rules.manifest().getRecipe());
        return TaskReady.newBuilder()
                .setRunId(RunId.of(dataset.task(), new Sha256(digest), recipe).value())
                .setTopic(topics.of(dataset))
                .setRanges(tally.ranges())
                .setManifest(rules.manifest())
                .setCounts(tally.counts())
                .setTrainExamples(tally.train())
                .setEvalExamples(tally.eval())
                .setDatasetDigest(digest)
                .setTextLimit(settings.textLimit())
                .build();
    }
}
