package io.tessellate.evaluator.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.evaluator.alert.AlertJson;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.Silence;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Author;
import io.tessellate.runtime.config.DurationText;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.JsonBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Acts on alerts, as alerts.yaml describes them: each is an event with who and why. */
public final class AlertRoutes {
    private final Map<String, Handler> reads = new LinkedHashMap<>();
    private final Map<String, Handler> acts = new LinkedHashMap<>();

    /** The body of an act on something named by its path. */
    private record Why(@Nullable String why) {}

    /** The body of a new silence; {@code lasts} as people write durations. */
    private record NewSilence(
            @Nullable String model,
            @Nullable String task,
            @Nullable String kind,
            @Nullable String lasts,
            @Nullable String why) {}

    /** Routes over a desk. */
    public AlertRoutes(AlertDesk desk) {
        reads.put(
                "/api/v1/alerts/openapi.yaml",
                context -> context.contentType("application/yaml").result(description()));
        reads.put(
                "/api/v1/silences",
                context -> context.json(desk.book().silences(desk.now()).stream()
                        .map(AlertJson.SilenceJson::of)
                        .toList()));
        acts.put(
                "/api/v1/alerts/{alert}/acknowledge",
                context -> context.json(AlertJson.of(desk.acknowledge(
                        context.pathParam("alert"),
                        author(context, JsonBody.read(context.body(), Why.class).why())))));
        acts.put("/api/v1/silences", context -> context.json(AlertJson.SilenceJson.of(silence(desk, context))));
        acts.put(
                "/api/v1/silences/{silence}/lift",
                context -> context.json(AlertJson.SilenceJson.of(desk.lift(
                        context.pathParam("silence"),
                        author(context, JsonBody.read(context.body(), Why.class).why())))));
    }

    private static Silence silence(AlertDesk desk, Context context) {
        NewSilence asked = JsonBody.read(context.body(), NewSilence.class);
        if (asked.lasts() == null) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "the body must say how long the silence lasts: \"lasts\": \"2h\"");
        }
        return desk.silence(
                new Silence.Scope(
                        asked.model() == null ? null : new ModelName(asked.model()),
                        asked.task() == null ? null : new TaskName(asked.task()),
                        asked.kind() == null ? null : AlertKind.parse(asked.kind())),
                DurationText.parse(asked.lasts()),
                author(context, asked.why()));
    }

    private static Author author(Context context, @Nullable String why) {
        return new Author(HttpApi.who(context), why == null ? "" : why);
    }

    /** The paths of all routes. */
    Iterable<String> paths() {
        return Stream.concat(reads.keySet().stream(), acts.keySet().stream())
                .distinct()
                .toList();
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        reads.forEach(config.routes::get);
        acts.forEach(config.routes::post);
    }

    static String description() {
        try (InputStream in = AlertRoutes.class.getResourceAsStream("alerts.yaml")) {
            if (in == null) {
                throw new IllegalStateException("alerts.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
