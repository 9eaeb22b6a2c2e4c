package io.tessellate.registry.client;

import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.kafka.KafkaClients;

/** What ingest said of the tasks, with the index of the closed datasets. Whoever uses it starts it; whoever made it closes it. */
public final class DatasetLog extends SharedLog<TaskEvent> {
    private final DatasetIndex datasets = new DatasetIndex();

    /** A log that has not begun to be read. */
    public DatasetLog(KafkaClients clients) {
        super(clients, clients.topics().tasks());
    }

    @Override
    void fold(TaskEvent event) {
        datasets.apply(event);
    }

    /** The datasets closed so far. */
    public DatasetIndex datasets() {
        return datasets;
    }
}
