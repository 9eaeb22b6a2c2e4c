package io.tessellate.evaluator.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tessellate.evaluator.analysis.Analyst;
import io.tessellate.evaluator.analysis.BlameJson;
import io.tessellate.evaluator.analysis.TransferJson;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.JsonBody;
import io.tessellate.runtime.http.LineAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is asked about a model by HTTP, as analyses.yaml describes it. */
public final class AnalysisRoutes implements AutoCloseable {
    static final String PATH = "/api/v1/models/{model}/tasks/{task}/blame";
    static final String TRANSFER = "/api/v1/models/{model}/transfer";
    static final String DESCRIPTION = "/api/v1/analyses/openapi.yaml";
    private static final int AT_ONCE = 4;

    private final Analyst analyst;
    private final LineAnswer answers = new LineAnswer("analyses", AT_ONCE);

    /** Routes to one who answers. */
    public AnalysisRoutes(Analyst analyst) {
        this.analyst = analyst;
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        config.routes.post(PATH, this::blame);
        config.routes.post(TRANSFER, this::transfer);
        config.routes.get(
                DESCRIPTION, context -> context.contentType("application/yaml").result(description()));
    }

    /** The paths of all routes. */
    static List<String> paths() {
        return List.of(PATH, TRANSFER, DESCRIPTION);
    }

    static String description() {
        try (InputStream in = AnalysisRoutes.class.getResourceAsStream("analyses.yaml")) {
            if (in == null) {
                throw new IllegalStateException("analyses.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void blame(Context context) {
        TaskId task = TaskId.of(context.pathParam("model"), context.pathParam("task"));
        BlameBody body = JsonBody.read(context.body(), BlameBody.class);
        Analyst.BlameAsked asked = analyst.ask(body.question(task, HttpApi.who(context)));
        answers.send(context, (progress, cancellation) -> BlameJson.of(asked.answer(progress::accept, cancellation)));
    }

    private void transfer(Context context) {
        ModelName model = new ModelName(context.pathParam("model"));
        TransferBody body = JsonBody.read(context.body(), TransferBody.class);
        Analyst.TransferAsked asked = analyst.ask(body.question(model, HttpApi.who(context)));
        answers.send(
                context, (progress, cancellation) -> TransferJson.of(asked.answer(progress::accept, cancellation)));
    }

    /** Asks whatever is being worked on to stop. */
    @Override
    public void close() {
        answers.close();
    }
}
