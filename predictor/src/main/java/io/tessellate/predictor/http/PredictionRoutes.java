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
import io.tessellate.predictor.topic.AnswerLog;
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
    /** How long whoever asks for it waits for the broker. */
    private static final Duration RECORDED = Duration.ofSeconds(10);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Predictor predictor;
    private final AnswerLog answers;

    /** Routes to a predictor. */
    public PredictionRoutes(Predictor predictor, AnswerLog answers) {
        this.predictor = predictor;
        this.answers = answers;
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        config.routes.post(PATH, this::predict);
        config.routes.get(
                DESCRIPTION, context -> context.contentType("application/yaml").result(description()));
        new InferenceRoutes(predictor, answers).addTo(config);
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
        boolean recorded = recorded(context.queryParam("recorded"));
        Inquiry inquiry = new Inquiry(predictor, asked, PATIENCE);
        Map<String, Object> answer;
        List<Prediction> predictions;
        if (body.get(INSTANCES) instanceof List<?> instances) {
            predictions = predictions(inquiry, instances);
            answer = batch(inquiry, predictions);
        } else {
            predictions =
                    inquiry.answers(List.of(body), each -> inquiry.reader().read(each));
            answer = single(inquiry, predictions.get(0));
        }
        AnswerLog.Writing writing = answers.write(asked, predictions);
        if (recorded) {
            answer.put("recorded", PredictionJson.of(writing.await(RECORDED)));
        }
        context.json(answer);
    }

    private static boolean recorded(@Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw new TessellateException(
                ErrorCode.INVALID_ARGUMENT, "recorded '%s' must be true or false".formatted(text));
    }

    private static List<Prediction> predictions(Inquiry inquiry, List<?> instances) {
        requireAtMost(instances.size());
        return inquiry.answers(instances, each -> inquiry.reader().read(fields(each)));
    }

    private static Map<String, Object> batch(Inquiry inquiry, List<Prediction> predictions) {
        Map<String, Object> answer = PredictionJson.head(inquiry.view());
        answer.put(
                "predictions",
                predictions.stream()
                        .map(each -> PredictionJson.of(inquiry.view(), each))
                        .toList());
        return answer;
    }

    private static Map<String, Object> single(Inquiry inquiry, Prediction prediction) {
        if (prediction.reply() instanceof Reply.Refused refused) {
            throw failure(refused);
        }
        Map<String, Object> answer = PredictionJson.head(inquiry.view());
        answer.putAll(PredictionJson.of(inquiry.view(), prediction));
        return answer;
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
