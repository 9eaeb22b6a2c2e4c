package io.tessellate.registry.topology;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.registry.command.CommandEnvelope;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.kafka.streams.ReadingProcessor;
import io.tessellate.runtime.retry.Retry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Lets commands through to their model's state. A record in a partition that is not its key's would be decided on another
 * state than the model's own, so it is passed over, loudly; a producer with a foreign partitioner is the usual cause.
 *
 * @param <V> Avro class of the source topic's values
 */
final class DecodingProcessor<V> extends ReadingProcessor<V, CommandEnvelope> {
    private final Function<V, Optional<CommandEnvelope>> commands;
    private final int partitions;

    /**
     * A processor of one source topic.
     *
     * @param commands the command an event of the topic stands for, if it concerns the registry
     */
    DecodingProcessor(
            RecordReader<V> reader, Function<V, Optional<CommandEnvelope>> commands, int partitions, Retry patience) {
        super(reader, patience);
        this.commands = commands;
        this.partitions = partitions;
    }

    @Override
    protected void process(ConsumerRecord<String, V> record, ProcessorContext<String, CommandEnvelope> streams) {
        int expected = partition(record.key(), partitions);
        int actual = streams.taskId().partition();
        if (actual != expected) {
            passOver(
                    record,
                    new TessellateException(
                            ErrorCode.INVALID_ARGUMENT,
                            "key %s belongs to partition %d, not %d".formatted(record.key(), expected, actual)));
            return;
        }
        command(record)
                .ifPresent(command ->
                        streams.forward(new Record<>(record.key(), command, record.timestamp(), record.headers())));
    }

    private Optional<CommandEnvelope> command(ConsumerRecord<String, V> record) {
        try {
            return commands.apply(record.value());
        } catch (TessellateException e) {
            passOver(record, e);
            return Optional.empty();
        }
    }

    /** Where Kafka's own producers put a key. */
    static int partition(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
