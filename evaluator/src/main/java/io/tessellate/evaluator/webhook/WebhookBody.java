package io.tessellate.evaluator.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint gets: type, timestamp and data, as Standard Webhooks has it. It says what was raised, and is the same at every
 * attempt.
 *
 * @param type what kind of event it is
 * @param timestamp when the alert was raised
 */
record WebhookBody(String type, String timestamp, Map<String, @Nullable Object> data) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The body of an alert.
     *
     * @param page address of the page
     */
    static String of(RaisedAlert alert, String page) {
        TaskName task = alert.task();
        View view = alert.view();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("id", alert.id());
        data.put("kind", alert.kind().label());
        data.put("severity", alert.severity());
        data.put("code", alert.code());
        data.put("model", alert.model() == null ? null : alert.model().value());
        data.put("task", task == null ? null : task.value());
        data.put("version", alert.version() == 0 ? null : alert.version());
        data.put("view", view == null ? null : view.label());
        data.put("value", alert.value());
        data.put("limit", alert.limit());
        data.put("message", alert.message());
        data.put("link", page + alert.link());
        data.put("at", alert.at().toString());
        try {
            return JSON.writeValueAsString(
                    new WebhookBody("tessellate.alert", alert.at().toString(), data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an alert cannot be written", e);
        }
    }
}
