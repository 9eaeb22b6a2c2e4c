package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.lineage.log.Intervention.TaskCancelled;
import io.tessellate.registry.client.Following;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run that can be stopped in two ways: with its worker, to go on later where it was; and for good, by a person who cancels it.
 * The registry's log says so, and never commits the run afterwards: what is left here is to stop the work and to publish the end.
 */
final class StoppableRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoppableRun.class);

    private final RunResources resources;
    private final ClosedDataset dataset;
    private final RunPublication publication;
    private final Cancellation worker;
    private final Cancellation cancellation;
    private final AtomicReference<@Nullable TaskCancelled> cancelled = new AtomicReference<>();
    private final Following following;

    StoppableRun(RunResources resources, ClosedDataset dataset, Consumed consumed, Cancellation worker) {
        this.resources = resources;
        this.dataset = dataset;
        this.publication = new RunPublication(resources.log(), consumed);
        this.worker = worker;
        this.cancellation = worker.narrower();
        this.following = resources.registry().whenCancelled(dataset.task(), dataset.run(), this::cancel);
    }

    private void cancel(TaskCancelled event) {
        cancelled.set(event);
        cancellation.cancel();
    }

    ClosedDataset dataset() {
        return dataset;
    }

    RunPublication publication() {
        return publication;
    }

    /** Stops what can still be given up: both ways of stopping. */
    Cancellation cancellation() {
        return cancellation;
    }

    /** Stops what cannot: what is published is the registry's to decide. */
    Cancellation worker() {
        return worker;
    }

    /** Does the run's work; a run that a person cancels meanwhile, or cancelled before, ends as such. */
    void work(Runnable work) {
        try {
            work.run();
        } catch (StoppedException e) {
            TaskCancelled event = cancelled.get();
            if (event == null || worker.isCancelled()) {
                throw e;
            }
            LOG.info("run {} was cancelled {}", dataset.run(), event.by());
            publication.publish(new RunEvents(dataset, resources.clock())
                    .failed(ErrorCode.CANCELLED, RetriedRun.shortened("cancelled " + event.by()), null));
            RunDirectory.of(resources.settings().data(), dataset.run()).delete();
        }
    }

    @Override
    public void close() {
        following.close();
        cancellation.close();
    }
}
