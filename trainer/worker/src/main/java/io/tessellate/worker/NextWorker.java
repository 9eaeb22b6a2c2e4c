package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.kafka.work.Consumed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a dataset goes that a worker has too little memory for: on to the lanes, from one partition of their topic to the next, so that
 * every worker that runs sees it once. What each said goes with it. Behind the last partition nobody is left who might take it.
 */
final class NextWorker {
    private static final Logger LOG = LoggerFactory.getLogger(NextWorker.class);

    private final TrainingLog log;
    private final TaskEvent event;

    NextWorker(TrainingLog log, TaskEvent event) {
        this.log = log;
        this.event = event;
    }

    /** What this worker said of it when it had it before: there are more partitions than workers, and its memory is what it was. */
    Optional<TessellateException> refusedHere() {
        return event.getRefusals().stream()
                .filter(refusal -> refusal.startsWith(said()))
                .findFirst()
                .map(refusal ->
                        new TessellateException(ErrorCode.NOT_ENOUGH_MEMORY, refusal.substring(said().length())));
    }

    private String said() {
        return log.name() + ": ";
    }

    /** Sends it on with the offset it was read at; what all have said together, if nobody is left. */
    Optional<String> sendOn(TessellateException refusal, Consumed consumed) {
        List<String> refusals = new ArrayList<>(event.getRefusals());
        refusals.add(said() + refusal.getMessage());
        int visited = refusals.size() - 1;
        if (visited >= log.lanePartitions()) {
            return Optional.of("no worker has the memory for it. %s"
                    .formatted(String.join(" | ", refusals.stream().distinct().toList())));
        }
        TaskEvent onward = TaskEvent.newBuilder(event).setRefusals(refusals).build();
        // Partitions are visited in a circle that begins at the task's own place, and each once.
        int first = Math.floorMod(event.getTask().hashCode(), log.lanePartitions());
        log.handOn(onward, first + visited, consumed);
        LOG.info(
                "{}/{} goes on to another worker, having seen {}: {}",
                event.getModel(),
                event.getTask(),
                refusals.size(),
                refusal.getMessage());
        return Optional.empty();
    }
}
