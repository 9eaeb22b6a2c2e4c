package io.tessellate.pipeline.rest;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.analysis.DatasetForecasts;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.JsonBody;
import io.tessellate.runtime.http.LineAnswer;
import org.jspecify.annotations.Nullable;

/** What a training would meet, asked by HTTP, as analyses.yaml of the evaluator describes it beside what else is asked about a model. */
public final class ForecastRoutes implements AutoCloseable {
    static final String PATH = "/api/v1/models/{model}/tasks/{task}/forecast";
    private static final double USUAL_SHARE = 0.25;

    private final DatasetForecasts forecasts;
    /** They take what a training takes, and share a folder. */
    private final LineAnswer answers = new LineAnswer("forecasts", 1);

    /** Routes to one who answers. */
    public ForecastRoutes(DatasetForecasts forecasts) {
        this.forecasts = forecasts;
    }

    /**
     * What may be said beside the task.
     *
     * @param share of the train split that is looked at
     * @param who asks, beside the token's name; nobody vouches for it
     * @param why for the log
     */
    record Body(
            @Nullable Double share,
            @Nullable String who,
            @Nullable String why) {
        double shareOrUsual() {
            return share == null ? USUAL_SHARE : share;
        }

        Author author(String token) {
            String asker = who == null || who.isBlank() ? token : "%s (%s)".formatted(who, token);
            return new Author(asker, why == null ? "" : why);
        }
    }

    /** Adds the route to a server. */
    public void addTo(JavalinConfig config) {
        config.routes.post(PATH, this::forecast);
    }

    private void forecast(Context context) {
        TaskId task = TaskId.of(context.pathParam("model"), context.pathParam("task"));
        Body body = JsonBody.read(context.body(), Body.class);
        answers.send(context, forecasts.ask(task, body.shareOrUsual(), body.author(HttpApi.who(context))));
    }

    /** Asks whatever is being worked on to stop. */
    @Override
    public void close() {
        answers.close();
    }
}
