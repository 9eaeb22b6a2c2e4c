package io.tessellate.predictor.asking;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tessellate.dataset.Question;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.id.TaskId;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.health.Health;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions to trained tasks. One thread computes, on one copy of each base; questions that come at the same time and are
 * put to the same view share its passes. A question is answered by exactly the adapters it was put to.
 */
public final class Predictor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);
    /** Ends of the buckets by which a quantile of the time to an answer is estimated. */
    private static final List<Duration> OBJECTIVES = Stream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
            .map(Duration::ofMillis)
            .toList();

    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Reply ENDED = new Reply.Refused(ErrorCode.INTERRUPTED, "the predictor has ended", true);

    private final ViewResolver resolver;
    private final LiveBases bases;
    private final QuestionQueue queue;
    private final Timer answered;
    private final MeterRegistry meters;
    private final Thread thread = new Thread(this::run, "predictor");
    private volatile Health health = Health.waiting("not started");

    Predictor(ViewResolver resolver, LiveBases bases, PredictorSettings settings, MeterRegistry meters) {
        this.resolver = resolver;
        this.bases = bases;
        this.queue = new QuestionQueue(settings);
        this.answered = Timer.builder("tessellate.prediction")
                .description("From a question to its answer")
                .serviceLevelObjectives(OBJECTIVES.toArray(Duration[]::new))
                .register(meters);
        this.meters = meters;
        Gauge.builder("tessellate.predictions.waiting", queue, QuestionQueue::size)
                .description("Questions that wait for their answers")
                .register(meters);
    }

    /**
     * A predictor that has not begun.
     *
     * @param logs stay the caller's, and are started by them
     * @param data where base models are unpacked
     * @param engine shared with all parts of the process that compute
     */
    public static Predictor of(
            SharedLogs logs,
            BlobStore blobs,
            DataDirectory data,
            ProcessEngine engine,
            PredictorSettings settings,
            MeterRegistry meters) {
        LiveBases bases = new LiveBases(blobs, data.directory("bases"), engine);
        return new Predictor(new ViewResolver(logs), bases, settings, meters);
    }

    /** Begins to answer. */
    public void start() {
        health = Health.up("answers");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether questions are answered. */
    public Health health() {
        return health;
    }

    /** What answers; UNKNOWN_MODEL, UNKNOWN_TASK, UNKNOWN_VERSION, MODEL_PARKED where nothing does. */
    public AskedView view(TaskId task, PredictedView view, WantedVersion version) {
        return resolver.view(task, view, version);
    }

    /**
     * Puts questions to a view, all or none.
     *
     * @return a reply to each; whoever gives up completes it, and it is not computed
     * @throws io.tessellate.error.RetriableException QUEUE_FULL
     */
    public List<CompletableFuture<Reply>> ask(AskedView view, List<Question> questions) {
        if (!health.ready()) {
            throw new StoppedException("the predictor does not run");
        }
        List<PendingQuestion> pending = questions.stream()
                .map(question -> new PendingQuestion(view, question))
                .toList();
        try {
            queue.put(pending);
        } catch (RetriableException e) {
            refused(e.code(), pending.size());
            throw e;
        }
        return pending.stream().map(PendingQuestion::reply).toList();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<PendingQuestion> taken = queue.take();
                try {
                    answer(taken.stream()
                            .filter(question -> !question.abandoned())
                            .toList());
                } finally {
                    // Whoever asked is told at once, however the answering ended; what is answered already stays so.
                    taken.forEach(question -> question.reply().complete(ENDED));
                }
            }
        } catch (InterruptedException | StoppedException e) {
            LOG.debug("the predictor ends");
        } catch (RuntimeException | Error e) {
            LOG.error("the predictor has failed", e);
            health = Health.dead("ended by " + e);
        } finally {
            queue.drain().forEach(question -> question.reply().complete(ENDED));
            bases.close();
        }
    }

    private void answer(List<PendingQuestion> questions) {
        if (questions.isEmpty()) {
            return;
        }
        List<Reply> replies = bases.answer(
                questions.get(0).view(),
                questions.stream().map(PendingQuestion::question).toList());
        long now = System.nanoTime();
        for (int i = 0; i < replies.size(); i++) {
            PendingQuestion question = questions.get(i);
            answered.record(Duration.ofNanos(now - question.asked()));
            if (replies.get(i) instanceof Reply.Refused refused) {
                refused(refused.code(), 1);
            }
            question.reply().complete(replies.get(i));
        }
    }

    private void refused(ErrorCode code, int questions) {
        meters.counter("tessellate.predictions.refused", "code", code.name()).increment(questions);
    }

    @Override
    public void close() {
        health = health.live() ? Health.waiting("closed") : health;
        thread.interrupt();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
