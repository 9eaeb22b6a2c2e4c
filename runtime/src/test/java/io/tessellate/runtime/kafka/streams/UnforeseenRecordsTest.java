package io.tessellate.runtime.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What Streams itself does with records nobody foresaw, given our handlers. */
class UnforeseenRecordsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** Upper-cases, and has a defect that the text "boom" meets. */
    private static final class Shouting extends ContextualProcessor<byte[], String, byte[], String> {
        @Override
        public void process(Record<byte[], String> record) {
            if (record.value().equals("boom")) {
                throw new IllegalStateException("a defect");
            }
            context().forward(record.withValue(record.value().toUpperCase(java.util.Locale.ROOT)));
        }
    }

    private static Topology topology() {
        Deserializer<String> strict = (topic, bytes) -> {
            if (bytes[0] == 0) {
                throw new SerializationException("zero");
            }
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        };
        return new Topology()
                .addSource("in", new ByteArrayDeserializer(), strict, "in")
                .addProcessor("shout", Shouting::new, "in")
                .addSink("out", "out", new ByteArraySerializer(), new StringSerializer(), "shout");
    }

    private TopologyTestDriver driver(UnforeseenRecords unforeseen) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(UnforeseenRecords.CONFIGURATION, unforeseen);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, PassOverUndecodable.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, PutAsideUnprocessable.class);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RememberRefused.class);
        return new TopologyTestDriver(topology(), properties);
    }

    private static List<ProducerRecord<byte[], byte[]>> letter(
            org.apache.kafka.streams.errors.ErrorHandlerContext context, Exception failure) {
        return List.of(new ProducerRecord<>("aside", null, context.sourceRawValue()));
    }

    @Test
    void aRecordThatMeetsADefectIsPutAsideAndTheNextIsProcessed() {
        try (TopologyTestDriver driver = driver(new UnforeseenRecords(UnforeseenRecordsTest::letter, meters))) {
            var in = driver.createInputTopic("in", new ByteArraySerializer(), new StringSerializer());
            in.pipeInput("one");
            in.pipeInput("boom");
            in.pipeInput("two");
            assertThat(driver.createOutputTopic("out", new ByteArrayDeserializer(), new StringDeserializer())
                            .readValuesToList())
                    .containsExactly("ONE", "TWO");
            assertThat(driver.createOutputTopic("aside", new ByteArrayDeserializer(), new StringDeserializer())
                            .readValuesToList())
                    .containsExactly("boom");
        }
        assertThat(meters.counter("tessellate.records.passed.over", "topic", "in")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void bytesThatCannotBeDecodedAreCountedAndPassedOverAlsoWhereRecordsBuildOnEachOther() {
        try (TopologyTestDriver driver = driver(UnforeseenRecords.inOrder(meters))) {
            var in = driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
            in.pipeInput(new byte[] {0});
            in.pipeInput(new byte[] {'a'});
            assertThat(driver.createOutputTopic("out", new ByteArrayDeserializer(), new StringDeserializer())
                            .readValuesToList())
                    .containsExactly("A");
        }
        assertThat(meters.counter("tessellate.records.passed.over", "topic", "in")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whereRecordsBuildOnEachOtherADefectStopsTheThread() {
        try (TopologyTestDriver driver = driver(UnforeseenRecords.inOrder(meters))) {
            var in = driver.createInputTopic("in", new ByteArraySerializer(), new StringSerializer());
            Assertions.assertThatThrownBy(() -> in.pipeInput("boom")).isInstanceOf(StreamsException.class);
        }
    }
}
