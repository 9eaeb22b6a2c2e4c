package io.tessellate.predictor.topic;

import io.tessellate.engine.answer.Answer;
import io.tessellate.event.PredictionMade;
import io.tessellate.event.View;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.PredictedView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers as events. */
final class PredictionEvents {
    private static final String NOWHERE = "";

    private PredictionEvents() {}

    /**
     * Where a question came from.
     *
     * @param topic of its record; empty where it was asked by HTTP or by command
     */
    record Source(String topic, int partition, long offset) {
        /** No topic. */
        static final Source ASKED = new Source(NOWHERE, -1, -1);
    }

    /** An answer of a view. */
    static PredictionMade of(
            AskedView view, @Nullable String id, Answer answer, Source source, double millis, Instant at) {
        PredictionMade.Builder event = PredictionMade.newBuilder()
                .setModel(view.model().value())
                .setTask(view.task().value())
                .setId(id)
                .setView(view.view() == PredictedView.TASK ? View.TASK : View.UNION)
                .setVersion(view.version())
                .setTopic(source.topic())
                .setPartition(source.partition())
                .setOffset(source.offset())
                .setLatencyMillis(millis)
                .setAt(at);
        answered(event, view, answer);
        return event.build();
    }

    private static void answered(PredictionMade.Builder event, AskedView view, Answer answer) {
        if (answer instanceof Answer.Choice choice) {
            List<String> labels = view.dataset().manifest().labels();
            boolean named = !view.dataset().manifest().ofChoices() && choice.index() < labels.size();
            event.setIndex(choice.index());
            event.setLabel(named ? labels.get(choice.index()) : null);
            event.setProbabilities(choice.probabilities());
        } else if (answer instanceof Answer.Value value) {
            event.setValue(value.value());
        } else if (answer instanceof Answer.Text text) {
            event.setText(text.text());
            event.setEnded(text.ended());
        }
    }
}
