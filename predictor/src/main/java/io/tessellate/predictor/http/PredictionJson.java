package io.tessellate.predictor.http;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.answer.Answer;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.Prediction;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.predictor.topic.AnswerLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Predictions as JSON. */
final class PredictionJson {
    private PredictionJson() {}

    /** Who answers. */
    static Map<String, Object> head(AskedView view) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", view.model().value());
        json.put("task", view.task().value());
        json.put("view", view.view().label());
        json.put("version", view.version());
        return json;
    }

    static Map<String, Object> of(AskedView view, Prediction prediction) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (prediction.id() != null) {
            json.put("id", prediction.id());
        }
        if (prediction.reply() instanceof Reply.Refused refused) {
            json.put("error", Map.of("code", refused.code().name(), "message", refused.reason()));
        } else if (prediction.reply() instanceof Reply.Answered answered) {
            put(json, view.dataset().manifest(), answered.answer());
        }
        return json;
    }

    /** What was written down for live scores. */
    static Map<String, Object> of(AnswerLog.Written written) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("written", written.written());
        json.put("withoutId", written.withoutId());
        json.put("lost", written.lost());
        if (written.why() != null) {
            json.put("why", written.why());
        }
        return json;
    }

    private static void put(Map<String, Object> json, Manifest manifest, Answer answer) {
        if (answer instanceof Answer.Choice choice) {
            List<String> labels = manifest.ofChoices() ? List.of() : manifest.labels();
            json.put("index", choice.index());
            if (labels.size() == choice.probabilities().size()) {
                json.put("label", labels.get(choice.index()));
                Map<String, Double> named = new LinkedHashMap<>();
                for (int c = 0; c < labels.size(); c++) {
                    named.put(labels.get(c), choice.probabilities().get(c));
                }
                json.put("probabilities", named);
            } else {
                json.put("probabilities", choice.probabilities());
            }
        } else if (answer instanceof Answer.Value value) {
            json.put("value", value.value());
        } else if (answer instanceof Answer.Text text) {
            json.put("text", text.text());
            json.put("ended", text.ended());
        }
    }
}
