package io.tessellate.pipeline.check;

import io.tessellate.event.OffsetRange;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.pipeline.check.topic.DeadLetterEntry;
import io.tessellate.pipeline.check.topic.Placed;
import io.tessellate.pipeline.check.topic.TaskTopics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Promise 6. Every published count adds up; what a closed dataset is said to have read is counted again in its topic, and what
 * was put aside is looked for among the dead letters.
 */
final class NoRecordVanishes implements Promise {
    @Override
    public int number() {
        return 6;
    }

    @Override
    public String says() {
        return "no record vanishes: read = accepted + dead-lettered + duplicates";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        Map<String, List<Placed<TaskEvent>>> tasks =
                History.byName(history.tasks(), event -> event.getModel() + "/" + event.getTask());
        long records = 0;
        for (List<Placed<TaskEvent>> events : tasks.values()) {
            events.forEach(event -> addsUp(event, findings));
            TaskRecords task = new TaskRecords(history, events);
            for (Placed<TaskEvent> event : events) {
                TaskReady ready = event.value().getReady();
                if (ready != null) {
                    records += ready.getCounts().getRead();
                    liesInItsTopic(event, ready, task, history, findings);
                    lettersAreThere(event, ready, history, findings);
                }
            }
            task.overall(findings);
        }
        passedOver(history, findings);
        return findings.verdict(
                this,
                "%,d records of closed datasets of %d tasks, %d dead letters"
                        .formatted(records, tasks.size(), history.deadLetters().size()));
    }

    private static void passedOver(History history, Findings findings) {
        Map<String, List<Placed<String>>> topics = new TreeMap<>();
        history.unreadable()
                .forEach(record -> topics.computeIfAbsent(record.topic(), topic -> new ArrayList<>())
                        .add(record));
        topics.forEach((topic, records) -> findings.note("%d records of %s are no events of ours, the first is %s: %s"
                .formatted(
                        records.size(),
                        topic,
                        records.get(0).place(),
                        records.get(0).value())));
    }

    private static void addsUp(Placed<TaskEvent> event, Findings findings) {
        TaskRecords.counts(event.value()).ifPresent(counts -> {
            if (counts.getRead() != counts.getAccepted() + counts.getDeadLettered() + counts.getDuplicates()) {
                findings.broken(breach(
                        event,
                        "%d read, but %d accepted, %d dead-lettered and %d duplicates"
                                .formatted(
                                        counts.getRead(),
                                        counts.getAccepted(),
                                        counts.getDeadLettered(),
                                        counts.getDuplicates())));
            }
        });
    }

    private static void liesInItsTopic(
            Placed<TaskEvent> event, TaskReady ready, TaskRecords task, History history, Findings findings) {
        Map<Integer, TaskTopics.OffsetSpan> partitions = history.topics().partitions(ready.getTopic());
        long found = 0;
        for (OffsetRange range : ready.getRanges()) {
            TaskTopics.OffsetSpan holds = partitions.get(range.getPartition());
            if (holds == null
                    || holds.from() > range.getFrom()
                    || holds.to() < range.getTo()
                    || task.mayLoseRecords()) {
                findings.note("%s: some records were deleted since, and are not counted again".formatted(name(event)));
                return;
            }
            found += history.topics().count(ready.getTopic(), range.getPartition(), range.getFrom(), range.getTo());
        }
        if (found != ready.getCounts().getRead()) {
            findings.broken(breach(
                    event,
                    "its ranges of %s hold %d records, %d were read"
                            .formatted(
                                    ready.getTopic(), found, ready.getCounts().getRead())));
        }
    }

    /** Where each is looked for by the place it came from, so that one that was written twice counts once. */
    private static void lettersAreThere(Placed<TaskEvent> event, TaskReady ready, History history, Findings findings) {
        if (history.oldLettersGone()) {
            findings.note(
                    "%s: dead letters are kept for some time only, and are not counted again".formatted(name(event)));
            return;
        }
        Set<String> sources = new HashSet<>();
        for (Placed<DeadLetterEntry> placed : history.deadLetters()) {
            DeadLetterEntry letter = placed.value();
            if (letter.topic().equals(ready.getTopic())
                    && ready.getRanges().stream().anyMatch(range -> covers(range, letter))) {
                sources.add(letter.partition() + "@" + letter.offset());
            }
        }
        if (sources.size() < ready.getCounts().getDeadLettered()) {
            findings.broken(breach(
                    event,
                    "%d of its records were put aside, %d lie among the dead letters"
                            .formatted(ready.getCounts().getDeadLettered(), sources.size())));
        }
    }

    private static boolean covers(OffsetRange range, DeadLetterEntry letter) {
        return range.getPartition() == letter.partition()
                && range.getFrom() <= letter.offset()
                && letter.offset() < range.getTo();
    }

    private static String name(Placed<TaskEvent> event) {
        return event.value().getModel() + "/" + event.value().getTask();
    }

    static Breach breach(Placed<TaskEvent> event, String what) {
        return Breach.of(event.value().getModel(), what)
                .task(event.value().getTask())
                .at(event);
    }
}
