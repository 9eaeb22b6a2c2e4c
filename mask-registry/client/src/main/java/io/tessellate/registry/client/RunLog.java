package io.tessellate.registry.client;

import io.tessellate.event.TrainingEvent;
import io.tessellate.id.RunId;
import io.tessellate.runtime.kafka.KafkaClients;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What workers said of their runs, and which of these have failed. Whoever uses it starts it; whoever made it closes it. */
public final class RunLog extends SharedLog<TrainingEvent> {
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    /** A log that has not begun to be read. */
    public RunLog(KafkaClients clients) {
        super(clients, clients.topics().trainings());
    }

    @Override
    void fold(TrainingEvent event) {
        if (event.getFailed() != null) {
            failed.add(event.getRunId());
        }
    }

    /** Whether a worker has given a run up, as far as is known by now. */
    public boolean hasFailed(RunId run) {
        return failed.contains(run.value());
    }
}
