package io.tessellate.evaluator.live;

import io.tessellate.event.LiveScores;
import io.tessellate.topic.CloudEvents;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The join inside a topology: answers and labels in, standings out, now and then. Both inputs are keyed by task. */
public final class LiveProcessor implements Processor<String, LiveInput, String, LiveScores> {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/evaluator");
    private static final Duration SAY_EVERY = Duration.ofSeconds(2);
    private static final Duration FORGET_EVERY = Duration.ofSeconds(30);

    private final String store;
    private final LiveSettings settings;
    private @Nullable ProcessorContext<String, LiveScores> context;
    private @Nullable LiveFold fold;

    /**
     * A processor that has nothing yet.
     *
     * @param store name of its store, of texts
     */
    public LiveProcessor(String store, LiveSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<String, LiveScores> processorContext) {
        context = processorContext;
        KeyValueStore<String, String> texts = processorContext.getStateStore(store);
        LiveFold live = new LiveFold(new StoredLiveState(texts), settings);
        fold = live;
        processorContext.schedule(SAY_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> say(live, processorContext, now));
        processorContext.schedule(
                FORGET_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> live.expire(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<String, LiveInput> input) {
        LiveFold live = fold;
        if (context == null || live == null) {
            throw new IllegalStateException("process before init");
        }
        input.value().into(live, Instant.ofEpochMilli(input.timestamp()));
    }

    private static void say(LiveFold live, ProcessorContext<String, LiveScores> streams, long now) {
        for (LiveStanding standing : live.changed(Instant.ofEpochMilli(now))) {
            LiveScores event = LiveCodec.event(standing);
            String model = standing.task().model().value();
            var headers = new RecordHeaders();
            EVENTS.stamp(headers, event, standing.task().toString(), standing.at());
            streams.forward(new Record<>(model, event, now, headers));
        }
    }
}
