package io.tessellate.runtime.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that no reader can use. However many readers of a process meet one, and however often, it is logged and counted
 * once; the readers go on behind it.
 */
public final class PassedOver {
    private static final Logger LOG = LoggerFactory.getLogger(PassedOver.class);
    private static final String COUNTER = "tessellate.records.passed.over";
    private static final int REMEMBERED = 10_000;

    private final MeterRegistry meters;
    private final Map<Place, Boolean> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Counts as {@code tessellate.records.passed.over}, by topic. */
    public PassedOver(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Takes note of a record that is passed over. */
    public void note(ConsumerRecord<?, ?> record, String why) {
        note(record.topic(), record.partition(), record.offset(), why);
    }

    /** Takes note of the record at a place. */
    public void note(String topic, int partition, long offset, String why) {
        if (isNew(new Place(topic, partition, offset))) {
            counter(topic).increment();
            LOG.error("The record at offset {} of {}-{} is passed over: {}", offset, topic, partition, why);
        }
    }

    /** How many records of a topic were passed over. */
    public long count(String topic) {
        return (long) counter(topic).count();
    }

    /** How many records of some topics were passed over in a process, whoever counted them. */
    public static long count(MeterRegistry meters, Predicate<String> topics) {
        return (long) meters.find(COUNTER).counters().stream()
                .filter(counter -> topics.test(String.valueOf(counter.getId().getTag("topic"))))
                .mapToDouble(Counter::count)
                .sum();
    }

    /** How a reader stands, with how many records it left behind, if any. */
    public static String beside(String detail, long passedOver) {
        return passedOver == 0
                ? detail
                : "%s; %d %s passed over"
                        .formatted(detail, passedOver, passedOver == 1 ? "record was" : "records were");
    }

    private Counter counter(String topic) {
        return Counter.builder(COUNTER)
                .description("Records that could not be decoded or used, and were left behind")
                .tag("topic", topic)
                .register(meters);
    }

    private boolean isNew(Place place) {
        synchronized (seen) {
            return seen.put(place, true) == null;
        }
    }

    private record Place(String topic, int partition, long offset) {}
}
