package io.tessellate.ingest.arrival;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.kafka.streams.UnforeseenRecords;
import io.tessellate.topic.TopicNames;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Gives every record the key of its task, without looking into it: a record of a task topic by the topic's name, a manifest
 * by its key. A manifest without a readable key goes to {@link #UNADDRESSED}, where it is put aside. What is passed on carries
 * the time of reading: the next topic may refuse the record's own, which travels inside.
 */
public final class Router extends ContextualProcessor<byte[], byte[], String, Arrival> {
    /** Key of what belongs to no task; no task can have it. */
    public static final String UNADDRESSED = "";

    private final Arrival.Kind kind;
    private final TopicNames names;
    private final UnforeseenRecords unforeseen;
    private final Map<String, String> keys = new HashMap<>();

    public Router(Arrival.Kind kind, TopicNames names, UnforeseenRecords unforeseen) {
        this.kind = kind;
        this.names = names;
        this.unforeseen = unforeseen;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata source = context()
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a source record has a topic and an offset"));
        var arrival = new Arrival(
                kind,
                source.topic(),
                new SourcePosition(source.partition(), source.offset()),
                record.timestamp(),
                context().currentSystemTimeMs(),
                record.headers(),
                record.key(),
                record.value());
        Arrival fitting = unforeseen.refused(source).map(arrival::withoutBytes).orElseGet(arrival::fitting);
        context().forward(new Record<>(key(source.topic(), record.key()), fitting, fitting.routedAt()));
    }

    private String key(String topic, byte[] key) {
        return switch (kind) {
            case RECORD ->
                keys.computeIfAbsent(
                        topic, name -> names.taskOf(name).map(TaskId::toString).orElse(UNADDRESSED));
            case MANIFEST -> addressee(key);
        };
    }

    private static String addressee(byte[] key) {
        try {
            return key == null
                    ? UNADDRESSED
                    : TaskId.parse(new String(key, UTF_8)).toString();
        } catch (TessellateException e) {
            return UNADDRESSED;
        }
    }
}
