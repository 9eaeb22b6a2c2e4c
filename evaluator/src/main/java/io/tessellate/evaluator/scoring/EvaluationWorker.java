package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.log.DatasetReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.StaticMember;
import io.tessellate.runtime.kafka.work.Turns;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.metrics.Metrics;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation worker, a member of two groups: one hands out every committed version, a job for each of its tasks; the members of the
 * other take the jobs and score. Start as many as there are machines: they share the tasks of every version, and when one dies the others
 * take what it had. At most as many score at once as the topic of the jobs has partitions.
 */
public final class EvaluationWorker implements Service {
    /** With the logs, in which a version and the datasets behind it must be known before it is scored. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final SharedLogs logs;
    private final BlobStore blobs;
    private final DataDirectory data;
    private final ProcessEngine shared;
    private final TaskViewMode taskView;
    private final Clock clock;
    private final Metrics metrics;
    private @Nullable Running running;

    /**
     * A worker that has not begun.
     *
     * @param logs stay the caller's
     * @param data where base models are unpacked
     * @param shared with all parts of the process that compute
     * @param taskView which task views of earlier tasks are scored
     * @param metrics where its numbers go
     */
    public EvaluationWorker(
            KafkaClients clients,
            SharedLogs logs,
            BlobStore blobs,
            DataDirectory data,
            ProcessEngine shared,
            TaskViewMode taskView,
            Clock clock,
            Metrics metrics) {
        this.clients = clients;
        this.logs = logs;
        this.blobs = blobs;
        this.data = data;
        this.shared = shared;
        this.taskView = taskView;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "evaluation worker";
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            running = Running.begin(this);
        }
    }

    @Override
    public synchronized Health health() {
        return running == null ? Health.waiting("not started") : running.health(logs);
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.end();
            running = null;
        }
    }

    private TaskScoring scoring() {
        var reader =
                DatasetReader.connect(clients.settings().clientProperties(), new RecordDecoder(clients.registry()));
        var scoring = new EncoderScoring(
                new LiveModels(blobs, data.directory("bases"), shared),
                new EvalSets(reader, logs.datasets().datasets()),
                blobs,
                new ScoringStarts(data.directory("starts")),
                clock,
                taskView);
        return new MeteredScoring(scoring, metrics.registry());
    }

    private EvaluationLog log(String member) {
        String id = "%s-%s-%s"
                .formatted(
                        clients.settings().topics().control(),
                        member,
                        clients.settings().instanceId());
        return new EvaluationLog(clients.topics(), clients.transactionalProducer(id));
    }

    /** The model once the log knows the version; what it was trained on was closed before it was committed. */
    private ModelLine version(ModelName model, int number) {
        ModelLine line = logs.registry().version(model, number, PATIENCE);
        logs.datasets().awaitCaughtUp(PATIENCE);
        return line;
    }

    private record Running(TaskScoring scoring, StaticMember handout, StaticMember jobs) {
        private static final String HANDOUT = "evaluation-worker";
        private static final String JOBS = "evaluation-jobs";

        static Running begin(EvaluationWorker worker) {
            worker.logs.registry().start();
            worker.logs.datasets().start();
            TaskScoring scoring = worker.scoring();
            var turns = new Turns(1);
            return new Running(
                    scoring,
                    StaticMember.join(
                            worker.clients,
                            HANDOUT,
                            HANDOUT,
                            worker.clients.topics().registry(),
                            () -> new EvaluationHandout(worker::version, worker.log(HANDOUT))),
                    StaticMember.joinAmongEquals(
                            worker.clients,
                            JOBS,
                            JOBS,
                            worker.clients.topics().evaluationJobs(),
                            () -> new EvaluationWork(new EvaluationResources(
                                    worker::version, scoring, turns, worker.log(JOBS), worker.clients.passedOver()))));
        }

        Health health(SharedLogs logs) {
            return handout.health()
                    .and(jobs.health())
                    .and(logs.registry().health().and(logs.datasets().health()));
        }

        void end() {
            handout.close();
            jobs.close();
            scoring.close();
        }
    }
}
