package io.tessellate.pipeline.check;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskCounted;
import io.tessellate.event.TaskEvent;
import io.tessellate.pipeline.check.topic.Placed;
import io.tessellate.pipeline.check.topic.TaskTopics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The records of one task, all attempts together, as ingest counted them and as its topic holds them. */
final class TaskRecords {
    private static final Set<String> LOSSES =
            Set.of(ErrorCode.RECORDS_GONE.name(), ErrorCode.RECORDS_AT_RISK.name(), ErrorCode.TOPIC_RECREATED.name());

    private final History history;
    private final List<Placed<TaskEvent>> events;

    TaskRecords(History history, List<Placed<TaskEvent>> events) {
        this.history = history;
        this.events = events;
    }

    /** The counts an event publishes, if it does. */
    static Optional<RecordCounts> counts(TaskEvent event) {
        return Stream.of(
                        event.getReady() == null ? null : event.getReady().getCounts(),
                        event.getRejected() == null ? null : event.getRejected().getCounts(),
                        event.getDuplicate() == null
                                ? null
                                : event.getDuplicate().getCounts(),
                        event.getCounted() == null ? null : event.getCounted().getCounts())
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Whether it was said that the topic lost records, or can. */
    boolean mayLoseRecords() {
        return events.stream().anyMatch(event -> isLoss(event.value()));
    }

    private static boolean isLoss(TaskEvent event) {
        return event.getNoted() != null && LOSSES.contains(event.getNoted().getCode())
                || event.getRejected() != null
                        && LOSSES.contains(event.getRejected().getCode());
    }

    /** Holds what was counted last against all that its topic holds, where the task had one attempt only. */
    void overall(Findings findings) {
        String topic = topic();
        Placed<TaskEvent> last = last();
        if (topic == null || last == null || mayLoseRecords() || severalAttempts()) {
            return;
        }
        Map<Integer, TaskTopics.OffsetSpan> partitions = history.topics().partitions(topic);
        if (partitions.isEmpty() || partitions.values().stream().anyMatch(held -> held.from() > 0)) {
            return;
        }
        long held = partitions.entrySet().stream()
                .mapToLong(entry -> history.topics()
                        .count(topic, entry.getKey(), 0, entry.getValue().to()))
                .sum();
        long counted = counts(last.value()).map(RecordCounts::getRead).orElse(0L);
        if (held > counted + waiting(last.value())) {
            findings.open("%s/%s: %s holds %d records, %d of them are counted"
                    .formatted(last.value().getModel(), last.value().getTask(), topic, held, counted));
        } else if (held < counted) {
            findings.broken(NoRecordVanishes.breach(
                    last, "%d records are counted, %s holds %d".formatted(counted, topic, held)));
        }
    }

    private static long waiting(TaskEvent event) {
        TaskCounted counted = event.getCounted();
        return counted == null ? 0 : counted.getWaiting();
    }

    /** The counts of several attempts cannot be added up: how far each had come is said from time to time only. */
    private boolean severalAttempts() {
        long rejections = events.stream()
                .filter(event -> event.value().getRejected() != null)
                .count();
        long closes = events.stream()
                .filter(event ->
                        event.value().getReady() != null || event.value().getDuplicate() != null)
                .count();
        return rejections > 0 || closes > 1;
    }

    private @Nullable String topic() {
        return events.stream()
                .filter(event -> event.value().getOpened() != null)
                .map(event -> event.value().getOpened().getTopic())
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    private @Nullable Placed<TaskEvent> last() {
        return events.stream()
                .filter(event -> counts(event.value()).isPresent())
                .reduce((earlier, later) -> later)
                .orElse(null);
    }
}
