package io.tessellate.evaluator.topology;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.alarm.DeadLetterTally;
import io.tessellate.evaluator.alarm.LetterOwner;
import io.tessellate.event.Alert;
import io.tessellate.topic.DeadLetterHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Counts records that were put aside, by owner and code, and says now and then how many they are. */
final class DeadLetterProcessor implements Processor<byte[], byte[], String, Alert> {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private @Nullable ProcessorContext<String, Alert> context;
    private @Nullable KeyValueStore<String, String> tallies;

    @Override
    public void init(ProcessorContext<String, Alert> processorContext) {
        context = processorContext;
        tallies = processorContext.getStateStore(MatrixTopology.DEAD_LETTER_STORE);
        processorContext.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> say(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<byte[], byte[]> letter) {
        KeyValueStore<String, String> known = tallies;
        if (known == null) {
            throw new IllegalStateException("process before init");
        }
        String code = DeadLetterHeader.CODE.in(letter.headers()).orElse(ErrorCode.UNDECODABLE.name());
        String reason = DeadLetterHeader.REASON.in(letter.headers()).orElse("");
        String key = LetterOwner.of(letter.key(), letter.headers()).written() + " " + code;
        String before = known.get(key);
        Instant at = Instant.ofEpochMilli(letter.timestamp());
        DeadLetterTally tally = before == null
                ? DeadLetterTally.first(at, reason)
                : DeadLetterTally.read(before).another(at, reason);
        known.put(key, tally.written());
    }

    private void say(Instant now) {
        KeyValueStore<String, String> known = tallies;
        ProcessorContext<String, Alert> streams = context;
        if (known == null || streams == null) {
            return;
        }
        for (KeyValue<String, String> entry : all(known)) {
            DeadLetterTally tally = DeadLetterTally.read(entry.value);
            int space = entry.key.indexOf(' ');
            if (tally.due(now)) {
                LetterOwner owner = LetterOwner.read(entry.key.substring(0, space));
                RaisedAlerts.forward(tally.alert(owner, entry.key.substring(space + 1), now), streams);
                known.put(entry.key, tally.said(now).written());
            } else if (tally.idle(now)) {
                known.delete(entry.key);
            }
        }
    }

    private static List<KeyValue<String, String>> all(KeyValueStore<String, String> store) {
        List<KeyValue<String, String>> found = new ArrayList<>();
        try (KeyValueIterator<String, String> entries = store.all()) {
            entries.forEachRemaining(found::add);
        }
        return found;
    }
}
