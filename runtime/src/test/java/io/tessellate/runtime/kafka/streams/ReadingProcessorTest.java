package io.tessellate.runtime.kafka.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.Cleanup;
import io.tessellate.topic.Compatibility;
import io.tessellate.topic.Topic;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class ReadingProcessorTest {
    private static final Topic<String> TOPIC =
            new Topic<>("texts", String.class, 1, Cleanup.FOR_EVER, Compatibility.FULL);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Duration> pauses = new ArrayList<>();
    private final MockProcessorContext<String, String> context = new MockProcessorContext<>();
    private int refusals;

    private final ReadingProcessor<String, String> processor =
            new ReadingProcessor<>(
                    new RecordReader<>(TOPIC, (topic, bytes) -> decode(bytes), new PassedOver(meters)),
                    new Retry(Backoff.steady(Duration.ofSeconds(1), 3), pauses::add)) {
                @Override
                protected void process(
                        ConsumerRecord<String, String> record, ProcessorContext<String, String> streams) {
                    if (record.value().equals("nonsense")) {
                        passOver(record, new TessellateException(ErrorCode.INVALID_ARGUMENT, "no name"));
                        return;
                    }
                    String place = "%s at %d of %s-%d"
                            .formatted(record.value(), record.offset(), record.topic(), record.partition());
                    streams.forward(new Record<>(record.key(), place, record.timestamp()));
                }
            };

    private String decode(byte[] bytes) {
        if (refusals-- > 0) {
            throw new SerializationException("no schema", new ConnectException("refused"));
        }
        if (bytes[0] == 0) {
            throw new SerializationException("zero");
        }
        return new String(bytes, UTF_8);
    }

    private void process(byte[] value) {
        context.setRecordMetadata(TOPIC.name(), 2, 40);
        processor.process(new Record<>("glue".getBytes(UTF_8), value, 5));
    }

    private double passedOver() {
        return meters.counter("tessellate.records.passed.over", "topic", "texts")
                .count();
    }

    @Test
    void aRecordIsHandedOnDecodedWithItsPlace() {
        processor.init(context);
        process("text".getBytes(UTF_8));
        assertThat(context.forwarded())
                .singleElement()
                .extracting(MockProcessorContext.CapturedForward::record)
                .isEqualTo(new Record<>("glue", "text at 40 of texts-2", 5));
    }

    @Test
    void whatCannotBeDecodedOrUsedIsPassedOverAndCounted() {
        processor.init(context);
        process(new byte[] {0});
        context.setRecordMetadata(TOPIC.name(), 2, 41);
        processor.process(new Record<>("glue".getBytes(UTF_8), "nonsense".getBytes(UTF_8), 5));
        assertThat(context.forwarded()).isEmpty();
        assertThat(passedOver()).isEqualTo(2);
    }

    @Test
    void whileTheSchemaRegistryIsAwayItWaits() {
        processor.init(context);
        refusals = 2;
        process("text".getBytes(UTF_8));
        assertThat(pauses).hasSize(2);
        assertThat(context.forwarded()).hasSize(1);
        assertThat(passedOver()).isZero();
    }

    @Test
    void nothingIsProcessedBeforeTheBeginning() {
        assertThatThrownBy(() -> process("text".getBytes(UTF_8))).isInstanceOf(IllegalStateException.class);
    }
}
