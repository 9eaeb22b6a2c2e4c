package io.tessellate.evaluator.live;

import io.tessellate.error.TessellateException;
import io.tessellate.event.LabelReturned;
import io.tessellate.event.LiveScores;
import io.tessellate.event.PredictionMade;
import io.tessellate.id.TaskId;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The join inside a topology: answers and labels in, standings out, now and then. Both inputs are keyed by task. */
public final class LiveProcessor implements Processor<String, Object, String, LiveScores> {
    private static final Logger LOG = LoggerFactory.getLogger(LiveProcessor.class);
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
    public void process(Record<String, Object> input) {
        LiveFold live = fold;
        if (context == null || live == null) {
            throw new IllegalStateException("process before init");
        }
        Instant at = Instant.ofEpochMilli(input.timestamp());
        try {
            if (input.value() instanceof PredictionMade made) {
                live.take(TaskId.of(made.getModel(), made.getTask()), made.getId(), LiveCodec.answer(made), at);
            } else if (input.value() instanceof LabelReturned label) {
                live.take(TaskId.of(label.getModel(), label.getTask()), label.getId(), LiveCodec.label(label), at);
            }
        } catch (TessellateException e) {
            LOG.error("an answer or a label of {} is passed over: {}", input.key(), e.getMessage());
        }
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
