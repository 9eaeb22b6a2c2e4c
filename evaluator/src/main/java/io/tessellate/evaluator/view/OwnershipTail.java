package io.tessellate.evaluator.view;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the ownership of all models' tensors up to date, in a thread of its own since adapters can be large. */
public final class OwnershipTail implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(OwnershipTail.class);
    private static final long PERIOD_MILLIS = 500;

    private final PipelineLogs logs;
    private final OwnershipBook book;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(OwnershipTail::thread);
    private long seen = -1;

    /** A tail that has not begun and will feed the book with what the logs say. */
    public OwnershipTail(PipelineLogs logs, OwnershipBook book) {
        this.logs = logs;
        this.book = book;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "ownership");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public String name() {
        return "ownership";
    }

    @Override
    public void start() {
        timer.scheduleWithFixedDelay(this::update, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void update() {
        long revision = logs.lineageRevision();
        if (revision == seen) {
            return;
        }
        try {
            logs.lineage().models().forEach(book::update);
            seen = revision;
        } catch (RuntimeException e) {
            LOG.error("Ownership is not up to date", e);
        }
    }

    @Override
    public Health health() {
        return Health.up("as of registry event " + seen);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
