package io.tessellate.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Where the decisions of the topology leave it. */
final class Outbox {
    private static final String CONNECT = "__connect.errors.";
    private static final String OWN = "tessellate.";

    private final ProcessorContext<String, Output> context;

    Outbox(ProcessorContext<String, Output> context) {
        this.context = context;
    }

    long now() {
        return context.currentSystemTimeMs();
    }

    /** Says something about a task; the consumer sets what. */
    void say(TaskId task, Consumer<TaskEvent.Builder> variant) {
        long now = now();
        TaskEvent.Builder event = TaskEvent.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setAt(Instant.ofEpochMilli(now));
        variant.accept(event);
        context.forward(new Record<>(task.model().value(), new Output.Event(event.build()), now));
    }

    /**
     * Puts a record aside: value and timestamp as they came, its key and headers kept in the headers, with those Kafka
     * Connect writes for its dead letters.
     */
    void putAside(String task, Arrival arrival, ErrorCode code, String reason) {
        Headers headers = new RecordHeaders(arrival.headers());
        String offset = Long.toString(arrival.position().offset());
        String partition = Integer.toString(arrival.position().partition());
        put(headers, CONNECT + "topic", arrival.topic());
        put(headers, CONNECT + "partition", partition);
        put(headers, CONNECT + "offset", offset);
        put(headers, CONNECT + "stage", code == ErrorCode.UNDECODABLE ? "VALUE_CONVERTER" : "TRANSFORMATION");
        put(headers, CONNECT + "class.name", "io.tessellate.ingest");
        put(headers, CONNECT + "exception.class.name", code.name());
        put(headers, CONNECT + "exception.message", reason);
        put(headers, OWN + "code", code.name());
        put(headers, OWN + "reason", reason);
        put(headers, OWN + "task", task);
        put(headers, OWN + "topic", arrival.topic());
        put(headers, OWN + "partition", partition);
        put(headers, OWN + "offset", offset);
        put(headers, OWN + "timestamp", Long.toString(arrival.timestamp()));
        headers.remove(OWN + "key");
        headers.add(OWN + "key", arrival.key());
        context.forward(new Record<>(task, new Output.Letter(arrival.value()), arrival.timestamp(), headers));
    }

    private static void put(Headers headers, String key, String value) {
        headers.remove(key);
        headers.add(key, value.getBytes(UTF_8));
    }
}
