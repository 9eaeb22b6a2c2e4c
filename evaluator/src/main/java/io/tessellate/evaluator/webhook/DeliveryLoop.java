package io.tessellate.evaluator.webhook;

import io.tessellate.error.RetriableException;
import io.tessellate.evaluator.alert.AlertBook;
import io.tessellate.evaluator.alert.AlertCodec;
import io.tessellate.evaluator.alert.Delivery;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.event.Alert;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.kafka.work.MemberLoop;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every alert to one endpoint: several at once, each with pauses of its own, so that one that is refused holds no other. What is
 * committed is the offset of the first that has not ended; after a restart those behind it that have ended are known by their events,
 * and the others are sent again under the same id. An endpoint that was never heard of begins with the alerts still to come.
 */
final class DeliveryLoop extends MemberLoop implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    private static final int MOST_UNDERWAY = 8;
    private static final int MOST_WAITING = 1000;

    private final RecordReader<Alert> reader;
    private final Webhook endpoint;
    private final WebhookSettings settings;
    private final AlertBook book;
    private final WebhookSender sender;
    private final DeliveryLog log;
    private final DeliveryMeters meters;
    private final Clock clock;
    private final Map<TopicPartition, NavigableMap<Long, Sending>> open = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    /** What a loop works with; it closes the consumer and the log. */
    record Tools(
            Consumer<byte[], byte[]> consumer,
            RecordReader<Alert> reader,
            AlertBook book,
            WebhookSender sender,
            DeliveryLog log,
            DeliveryMeters meters,
            Clock clock) {}

    DeliveryLoop(Webhook endpoint, WebhookSettings settings, Tools tools) {
        super("the sending of alerts to " + endpoint.name(), tools.consumer());
        this.endpoint = endpoint;
        this.settings = settings;
        this.reader = tools.reader();
        this.book = tools.book();
        this.sender = tools.sender();
        this.log = tools.log();
        this.meters = tools.meters();
        this.clock = tools.clock();
    }

    @Override
    protected void subscribe() {
        consumer().subscribe(Set.of(reader.topic().name()), this);
    }

    @Override
    protected void release() {
        log.close();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> known = consumer().committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> ends = consumer().endOffsets(partitions);
        Map<TopicPartition, OffsetAndMetadata> begun = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata before = known.get(partition);
            long from = before == null ? ends.getOrDefault(partition, 0L) : before.offset();
            if (before == null) {
                begun.put(partition, new OffsetAndMetadata(from));
            }
            consumer().seek(partition, from);
            open.put(partition, new TreeMap<>());
            next.put(partition, from);
            committed.put(partition, from);
        }
        if (!begun.isEmpty()) {
            consumer().commitSync(begun);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(open::remove);
        partitions.forEach(next::remove);
        partitions.forEach(committed::remove);
    }

    @Override
    protected Health turn(ConsumerRecords<byte[], byte[]> read) {
        read.forEach(this::take);
        Instant now = Instant.ofEpochMilli(clock.millis());
        List<Delivery> ended = new ArrayList<>();
        for (NavigableMap<Long, Sending> sendings : open.values()) {
            for (Iterator<Sending> each = sendings.values().iterator(); each.hasNext(); ) {
                Optional<Delivery> end = advance(each.next(), now);
                if (end.isPresent()) {
                    ended.add(end.get());
                    each.remove();
                }
            }
        }
        publish(ended);
        int waiting = open.values().stream().mapToInt(Map::size).sum();
        meters.waiting(waiting);
        if (waiting > MOST_WAITING) {
            consumer().pause(consumer().assignment());
        } else {
            consumer().resume(consumer().paused());
        }
        return state(waiting);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        try {
            reader.read(record).map(ConsumerRecord::value).ifPresent(event -> {
                RaisedAlert alert = AlertCodec.alert(event);
                if (!book.ended(alert.id(), endpoint.name())) {
                    String page = settings.page().orElse("");
                    open.get(partition).put(record.offset(), new Sending(alert, endpoint, page));
                }
            });
        } catch (RetriableException e) {
            throw e;
        } catch (RuntimeException e) {
            reader.passOver(record, e);
        }
        next.put(partition, record.offset() + 1);
    }

    private Optional<Delivery> advance(Sending sending, Instant now) {
        boolean wasUnderway = sending.isUnderway();
        Optional<Delivery> end = sending.settle(settings, now);
        if (end.isEmpty() && wasUnderway && !sending.isUnderway()) {
            meters.failed();
            LOG.warn(
                    "an alert did not reach {} yet: {}",
                    endpoint.name(),
                    sending.trouble().orElse(""));
        }
        if (end.isEmpty() && sending.isDue(now)) {
            end = sending.needless(book, now);
            if (end.isEmpty() && underway() < MOST_UNDERWAY) {
                sending.attempt(sender, now);
            }
        }
        return end;
    }

    private long underway() {
        return open.values().stream()
                .flatMap(sendings -> sendings.values().stream())
                .filter(Sending::isUnderway)
                .count();
    }

    private void publish(List<Delivery> ended) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        open.forEach((partition, sendings) -> {
            long from = sendings.isEmpty() ? next.get(partition) : sendings.firstKey();
            if (from != committed.get(partition)) {
                offsets.put(partition, new OffsetAndMetadata(from));
            }
        });
        if (ended.isEmpty() && offsets.isEmpty()) {
            return;
        }
        log.publish(ended, offsets, consumer().groupMetadata());
        offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
        for (Delivery delivery : ended) {
            meters.ended(delivery.outcome(), 1);
            if (delivery.outcome() == Delivery.Outcome.GIVEN_UP) {
                LOG.error(
                        "alert {} was given up after {} attempts to reach {}: {}",
                        delivery.alert(),
                        delivery.attempts(),
                        endpoint.name(),
                        delivery.reason());
            }
        }
    }

    /** An endpoint that does not answer makes nothing here unready. */
    private Health state(int waiting) {
        Optional<String> trouble = open.values().stream()
                .flatMap(sendings -> sendings.values().stream())
                .flatMap(sending -> sending.trouble().stream())
                .findFirst();
        String detail = PassedOver.beside("%d alerts on their way".formatted(waiting), reader.passedOver());
        return Health.up(trouble.map(why -> detail + "; " + why).orElse(detail));
    }
}
