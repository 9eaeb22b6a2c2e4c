package io.tessellate.evaluator.view;

import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the ownership of all models' tensors up to date, in a thread of its own since adapters can be large. */
public final class OwnershipTail implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(OwnershipTail.class);
    private static final long PERIOD_MILLIS = 500;

    private final PipelineLogs logs;
    private final OwnershipBook book;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(OwnershipTail::thread);
    private volatile long seen = -1;
    private volatile String behind = "";

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
        List<String> stale =
                logs.lineage().models().stream().flatMap(this::update).toList();
        if (stale.isEmpty()) {
            seen = revision;
        }
        behind = String.join("; ", stale);
    }

    /** One model that cannot be shown keeps no other from being shown; it is tried again, and said once. */
    private Stream<String> update(ModelLine model) {
        try {
            book.update(model);
            return Stream.empty();
        } catch (RuntimeException | Error e) { // thrown on, it would end the timer without a word
            String why = "the owners of %s are not up to date: %s".formatted(model.name(), e);
            if (!behind.contains(why)) {
                LOG.error("{}", why, e);
            }
            return Stream.of(why);
        }
    }

    @Override
    public Health health() {
        return Health.up(behind.isEmpty() ? "as of registry event " + seen : behind);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
