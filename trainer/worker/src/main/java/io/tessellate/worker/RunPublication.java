package io.tessellate.worker;

import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.runtime.kafka.work.Consumed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Publishes what becomes of one run, whichever of its attempts says so: the first that is published takes the dataset's offset along. */
final class RunPublication {
    private final TrainingLog log;
    private @Nullable Consumed consumed;

    RunPublication(TrainingLog log, Consumed consumed) {
        this.log = log;
        this.consumed = consumed;
    }

    void publish(TrainingEvent event) {
        if (consumed == null) {
            log.write(event);
        } else {
            log.write(event, consumed);
            consumed = null;
        }
    }

    /** Marks the dataset as done without an event. */
    void skip() {
        if (consumed != null) {
            log.skip(consumed);
            consumed = null;
        }
    }

    /** Hands the dataset on to the lanes instead. */
    void handOn(TaskEvent event, int place) {
        if (consumed != null) {
            log.handOn(event, place, consumed);
            consumed = null;
        }
    }

    /** Sends the dataset on to another worker; what is said of it, if it cannot go on. */
    Optional<String> sendOn(NextWorker next, TessellateException refusal) {
        Consumed read = consumed;
        if (read == null) {
            return Optional.of(String.valueOf(refusal.getMessage()));
        }
        Optional<String> all = next.sendOn(refusal, read);
        if (all.isEmpty()) {
            consumed = null;
        }
        return all;
    }
}
