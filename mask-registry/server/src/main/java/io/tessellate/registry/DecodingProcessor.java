package io.tessellate.registry;

import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.retry.Retry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets commands through to their model's state. A record in a partition that is not its key's would be decided on another
 * state than the model's own, so it is dropped, loudly; a producer with a foreign partitioner is the usual cause.
 */
final class DecodingProcessor implements Processor<String, byte[], String, CommandEnvelope> {
    private static final Logger LOG = LoggerFactory.getLogger(DecodingProcessor.class);

    private final InputDecoder<?> decoder;
    private final int partitions;
    private final Retry patience;
    private @Nullable ProcessorContext<String, CommandEnvelope> context;

    DecodingProcessor(InputDecoder<?> decoder, int partitions, Retry patience) {
        this.decoder = decoder;
        this.partitions = partitions;
        this.patience = patience;
    }

    @Override
    public void init(ProcessorContext<String, CommandEnvelope> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<String, byte[]> input) {
        if (context == null) {
            throw new IllegalStateException("process before init");
        }
        Optional<CommandEnvelope> command;
        try {
            command = patience.call(() -> decoder.decode(input.key(), input.value()));
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            LOG.error("A record of {} is dropped: {}", decoder.topic().name(), e.getMessage());
            return;
        }
        if (command.isEmpty()) {
            return;
        }
        int expected = partition(input.key(), partitions);
        int actual = context.taskId().partition();
        if (actual != expected) {
            LOG.error(
                    "A record of {} with key {} is dropped: it came in partition {}, its key's is {}",
                    decoder.topic().name(),
                    input.key(),
                    actual,
                    expected);
            return;
        }
        context.forward(input.withValue(command.get()));
    }

    /** Where Kafka's own producers put a key. */
    static int partition(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
