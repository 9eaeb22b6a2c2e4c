package io.tessellate.pipeline.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.file.JsonText;
import io.tessellate.id.TaskId;
import io.tessellate.predictor.asking.PredictedView;
import io.tessellate.predictor.asking.WantedVersion;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Pause;
import io.tessellate.runtime.retry.Retry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON put to a task of a running stack, some at a time. The version that answers the first answers all of them. A line that
 * is no object, and one the task refuses, has an error of its own. For one thread.
 */
public final class AskedLines {
    private static final int AT_ONCE = 64;
    private static final Retry BUSY = new Retry(Backoff.steady(Duration.ofSeconds(1), 30), Pause.ofThread());
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final StackApi api;
    private final TaskId task;
    private final PredictedView view;
    private final Consumer<Object> printed;
    private final boolean recorded;
    private WantedVersion version;
    private int asked;
    private int refused;
    private int written;
    private int withoutId;
    private int lost;
    private String why = "";

    /**
     * Lines for one view of a task.
     *
     * @param recorded whether to wait until the broker has what labels can come back to
     * @param printed takes a line of JSON for each of them, in their order
     */
    public AskedLines(
            StackApi api,
            TaskId task,
            PredictedView view,
            WantedVersion version,
            boolean recorded,
            Consumer<Object> printed) {
        this.api = api;
        this.task = task;
        this.view = view;
        this.version = version;
        this.recorded = recorded;
        this.printed = printed;
    }

    /** A line with what it holds, or what is wrong with it. */
    private record Line(
            int number,
            @Nullable Map<String, @Nullable Object> fields,
            @Nullable String fault) {}

    /** Asks all lines; empty ones are passed over. */
    public void read(InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        List<Line> waiting = new ArrayList<>();
        int number = 0;
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            number++;
            if (!text.isBlank()) {
                waiting.add(line(number, text));
            }
            if (waiting.size() == AT_ONCE) {
                ask(waiting);
                waiting.clear();
            }
        }
        ask(waiting);
    }

    private static Line line(int number, String text) {
        try {
            Map<String, @Nullable Object> fields = JSON.readValue(text, new TypeReference<>() {});
            return fields == null
                    ? new Line(number, null, "it is null, not an object")
                    : new Line(number, fields, null);
        } catch (JsonProcessingException e) {
            return new Line(number, null, "it is not one JSON object: " + JsonText.fault(text));
        }
    }

    private void ask(List<Line> lines) {
        List<Map<String, @Nullable Object>> instances = new ArrayList<>();
        for (Line line : lines) {
            if (line.fields() != null) {
                instances.add(line.fields());
            }
        }
        JsonNode answer = instances.isEmpty() ? JSON.createObjectNode() : post(instances);
        int next = 0;
        for (Line line : lines) {
            ObjectNode one = JSON.createObjectNode().put("line", line.number());
            if (line.fault() == null) {
                one.put("view", answer.path("view").asText());
                one.put("version", answer.path("version").asInt());
                one.setAll((ObjectNode) answer.path("predictions").get(next++));
            } else {
                one.putObject("error")
                        .put("code", ErrorCode.MALFORMED_FILE.name())
                        .put("message", line.fault());
            }
            asked++;
            refused += one.has("error") ? 1 : 0;
            printed.accept(one);
        }
    }

    /** Whoever finds the queue full comes again. */
    private JsonNode post(List<Map<String, @Nullable Object>> instances) {
        String wanted = version.champion()
                ? "&version=champion"
                : version.number().map(number -> "&version=" + number).orElse("");
        String path = "/api/v1/models/%s/tasks/%s/predictions?view=%s%s%s"
                .formatted(task.model(), task.task(), view.label(), wanted, recorded ? "&recorded=true" : "");
        JsonNode answer = BUSY.call(() -> onlyBusyAgain(path, instances));
        version = WantedVersion.parse(answer.path("version").asText());
        JsonNode record = answer.path("recorded");
        written += record.path("written").asInt();
        withoutId += record.path("withoutId").asInt();
        lost += record.path("lost").asInt();
        why = record.path("why").asText(why);
        return answer;
    }

    private JsonNode onlyBusyAgain(String path, List<Map<String, @Nullable Object>> instances) {
        try {
            return api.post(path, Map.of("instances", instances));
        } catch (RetriableException e) {
            throw e.code() == ErrorCode.QUEUE_FULL
                    ? e
                    : new TessellateException(e.code(), String.valueOf(e.getMessage()), e);
        }
    }

    /** What was written down of the answers, in one line; only what was asked for is known. */
    public String recorded() {
        return "%d answers are written down for live scores, %d had no id%s"
                .formatted(
                        written,
                        withoutId,
                        lost == 0 ? "" : ", %d are not, or not known to be: %s".formatted(lost, why));
    }

    /** How many answers are not written down though they should be. */
    public int lost() {
        return lost;
    }

    /** How many lines there were. */
    public int asked() {
        return asked;
    }

    /** How many of them have no answer. */
    public int refused() {
        return refused;
    }
}
