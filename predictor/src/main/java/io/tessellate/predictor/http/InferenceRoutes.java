package io.tessellate.predictor.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Open Inference Protocol, version 2, by HTTP and as far as it fits (adr/0029): a task is a model named {@code model.task},
 * whose inputs are texts. Its own view answers, or with the parameter {@code "view": "union"} the union.
 */
final class InferenceRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";
    private static final List<String> READS =
            List.of("/v2", "/v2/health/live", "/v2/health/ready", MODEL, VERSION, MODEL + "/ready", VERSION + "/ready");
    private static final List<String> INFERENCES = List.of(MODEL + "/infer", VERSION + "/infer");

    private final Predictor predictor;
    private final AnswerLog answers;

    InferenceRoutes(Predictor predictor, AnswerLog answers) {
        this.predictor = predictor;
        this.answers = answers;
    }

    static List<String> paths() {
        return Stream.concat(READS.stream(), INFERENCES.stream()).toList();
    }

    void addTo(JavalinConfig config) {
        config.routes.get(
                "/v2",
                context -> context.json(Map.of("name", "tessellate", "version", version(), "extensions", List.of())));
        config.routes.get(
                "/v2/health/live",
                context -> context.json(Map.of("live", predictor.health().live())));
        config.routes.get(
                "/v2/health/ready", context -> ready(context, predictor.health().ready()));
        for (String model : List.of(MODEL, VERSION)) {
            config.routes.get(model, context -> context.json(InferenceTensors.metadata(view(context, Map.of()))));
            config.routes.get(model + "/ready", this::modelReady);
            config.routes.post(model + "/infer", this::infer);
        }
    }

    private static String version() {
        String version = InferenceRoutes.class.getPackage().getImplementationVersion();
        return version == null ? "in development" : version;
    }

    private static void ready(Context context, boolean ready) {
        context.status(ready ? 200 : ErrorCode.NOT_READY.httpStatus()).json(Map.of("ready", ready));
    }

    private void modelReady(Context context) {
        AskedView view = view(context, Map.of());
        ready(context, predictor.health().ready());
        context.header("Tessellate-Version", Integer.toString(view.version()));
    }

    private void infer(Context context) {
        Map<String, ?> body = PredictionRoutes.body(context.body());
        Map<?, ?> parameters = body.get("parameters") instanceof Map<?, ?> given ? given : Map.of();
        AskedView view = view(context, parameters);
        List<Map<String, Object>> records = InferenceTensors.records(body);
        PredictionRoutes.requireAtMost(records.size());
        Inquiry inquiry = new Inquiry(predictor, view, PATIENCE);
        List<Prediction> predictions =
                inquiry.answers(records, each -> inquiry.reader().read(each));
        for (int i = 0; i < predictions.size(); i++) {
            if (predictions.get(i).reply() instanceof Reply.Refused refused) {
                throw PredictionRoutes.failure(new Reply.Refused(
                        refused.code(), "element %d: %s".formatted(i, refused.reason()), refused.again()));
            }
        }
        answers.write(view, predictions);
        context.json(InferenceTensors.response(view, body.get("id"), predictions));
    }

    private AskedView view(Context context, Map<?, ?> parameters) {
        String name = context.pathParam("model");
        int dot = name.indexOf('.');
        if (dot < 0) {
            throw new TessellateException(
                    ErrorCode.UNKNOWN_TASK, "'%s' is no task: ask for <model>.<task>".formatted(name));
        }
        PredictedView view = parameters.get("view") == null
                ? PredictedView.TASK
                : PredictedView.parse(String.valueOf(parameters.get("view")));
        String version = context.pathParamMap().get("version");
        return predictor.view(
                TaskId.of(name.substring(0, dot), name.substring(dot + 1)), view, WantedVersion.parse(version));
    }
}
