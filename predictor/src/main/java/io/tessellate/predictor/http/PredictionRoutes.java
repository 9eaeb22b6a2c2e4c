package io.tessellate.predictor.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.Inquiry;
import io.tessellate.predictor.asking.PredictedView;
import io.tessellate.predictor.asking.Prediction;
import io.tessellate.predictor.asking.Predictor;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.predictor.asking.WantedVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Predictions by HTTP, as predictions.yaml describes them. One request is answered by one version, whatever becomes champion
 * meanwhile.
 */
public final class PredictionRoutes {
    static final String PATH = "/api/v1/models/{model}/tasks/{task}/predictions";
    static final String DESCRIPTION = "/api/v1/predictions/openapi.yaml";

    /** Most questions of a request. */
    public static final int MOST = 1000;

    private static final String INSTANCES = "instances";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Predictor predictor;

    /** Routes to a predictor. */
    public PredictionRoutes(Predictor predictor) {
        this.predictor = predictor;
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        config.routes.post(PATH, this::predict);
        config.routes.get(
                DESCRIPTION, context -> context.contentType("application/yaml").result(description()));
        new InferenceRoutes(predictor).addTo(config);
    }

    /** The paths of all routes. */
    static List<String> paths() {
        return Stream.concat(List.of(PATH, DESCRIPTION).stream(), InferenceRoutes.paths().stream())
                .toList();
    }

    static String description() {
        try (InputStream in = PredictionRoutes.class.getResourceAsStream("predictions.yaml")) {
            if (in == null) {
                throw new IllegalStateException("predictions.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void predict(Context context) {
        String view = context.queryParam("view");
        AskedView asked = predictor.view(
                TaskId.of(context.pathParam("model"), context.pathParam("task")),
                view == null ? PredictedView.TASK : PredictedView.parse(view),
                WantedVersion.parse(context.queryParam("version")));
        Map<String, @Nullable Object> body = body(context.body());
        Inquiry inquiry = new Inquiry(predictor, asked, PATIENCE);
        if (body.get(INSTANCES) instanceof List<?> instances) {
            batch(context, inquiry, instances);
        } else {
            single(context, inquiry, body);
        }
    }

    private static void batch(Context context, Inquiry inquiry, List<?> instances) {
        requireAtMost(instances.size());
        List<Prediction> predictions =
                inquiry.answers(instances, each -> inquiry.reader().read(fields(each)));
        Map<String, Object> answer = PredictionJson.head(inquiry.view());
        answer.put(
                "predictions",
                predictions.stream()
                        .map(each -> PredictionJson.of(inquiry.view(), each))
                        .toList());
        context.json(answer);
    }

    private static void single(Context context, Inquiry inquiry, Map<String, @Nullable Object> body) {
        Prediction prediction = inquiry.answers(
                        List.of(body), each -> inquiry.reader().read(each))
                .get(0);
        if (prediction.reply() instanceof Reply.Refused refused) {
            throw failure(refused);
        }
        Map<String, Object> answer = PredictionJson.head(inquiry.view());
        answer.putAll(PredictionJson.of(inquiry.view(), prediction));
        context.json(answer);
    }

    static TessellateException failure(Reply.Refused refused) {
        return refused.again()
                ? new RetriableException(refused.code(), refused.reason())
                : new TessellateException(refused.code(), refused.reason());
    }

    static void requireAtMost(int count) {
        if (count > MOST) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE, "%d questions in one request, allowed are %d".formatted(count, MOST));
        }
    }

    static Map<String, @Nullable Object> body(String text) {
        try {
            Map<String, @Nullable Object> body = JSON.readValue(text, new TypeReference<>() {});
            if (body != null) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "the body is not one JSON object: " + e.getOriginalMessage(), e);
        }
        throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "the body is not one JSON object");
    }

    @SuppressWarnings("unchecked") // the names of a JSON object are texts
    private static Map<String, @Nullable Object> fields(Object instance) {
        if (instance instanceof Map<?, ?> fields) {
            return (Map<String, @Nullable Object>) fields;
        }
        throw new TessellateException(ErrorCode.INVALID_FIELD, "an instance must be an object with the task's fields");
    }
}
