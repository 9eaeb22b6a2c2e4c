package io.tessellate.registry.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.json.CapacityJson;
import io.tessellate.lineage.json.CertificateJson;
import io.tessellate.lineage.json.MasksJson;
import io.tessellate.lineage.json.ModelJson;
import io.tessellate.lineage.json.VersionsJson;
import io.tessellate.lineage.log.Author;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.http.HttpApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The registry's routes, as openapi.yaml describes them. Reads are answered from a fold of the registry's topic, so every
 * instance answers for every model, and only with what was committed; what is asked for goes out as a command.
 */
public final class RegistryRoutes {
    private final Lineage lineage;
    private final Supplier<Health> health;
    private final Map<String, Handler> acts = new LinkedHashMap<>();
    private final Map<String, Handler> reads = new LinkedHashMap<>();

    /**
     * Routes over a fold.
     *
     * @param health whether the fold has seen everything; until then reads are answered with 503
     * @param registry is asked to act
     */
    public RegistryRoutes(Lineage lineage, Supplier<Health> health, Acts registry) {
        this.lineage = lineage;
        this.health = health;
        reads.put("/api/v1/openapi.yaml", RegistryRoutes::description);
        reads.put("/api/v1/models", this::models);
        reads.put("/api/v1/models/{model}", model(ModelJson::of));
        reads.put("/api/v1/models/{model}/versions", model(VersionsJson::of));
        reads.put("/api/v1/models/{model}/masks", model(MasksJson::of));
        reads.put("/api/v1/models/{model}/capacity", model(CapacityJson::of));
        reads.put("/api/v1/models/{model}/certificate", this::certificate);
        acts.put(
                "/api/v1/models/{model}/resume", act((line, context) -> registry.resume(line.name(), spoken(context))));
        acts.put(
                "/api/v1/models/{model}/promote",
                act((line, context) -> VersionChoice.of(context).promote(registry, line.name(), HttpApi.who(context))));
        acts.put(
                "/api/v1/models/{model}/rollback",
                act((line, context) ->
                        VersionChoice.of(context).rollBack(registry, line.name(), HttpApi.who(context))));
        acts.put(
                "/api/v1/models/{model}/tasks/{task}/cancel",
                act((line, context) -> TaskChoice.of(context).cancel(registry, line, HttpApi.who(context))));
        acts.put(
                "/api/v1/models/{model}/tasks/{task}/drop",
                act((line, context) -> TaskChoice.of(context).drop(registry, line, HttpApi.who(context))));
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        reads.forEach(config.routes::get);
        acts.forEach(config.routes::post);
    }

    /** What a route asks of the registry about a model; the model as it is then. */
    @FunctionalInterface
    private interface Act {
        ModelLine on(ModelLine line, Context context);
    }

    private Handler act(Act act) {
        return context -> context.json(ModelJson.of(act.on(line(context), context)));
    }

    /** The whole body is what was done. */
    private static Author spoken(Context context) {
        String why = context.body().strip();
        return new Author(HttpApi.who(context), why.isEmpty() ? "asked for by HTTP" : why);
    }

    /** The paths of all routes. */
    Iterable<String> paths() {
        return Stream.concat(reads.keySet().stream(), acts.keySet().stream()).toList();
    }

    private void models(Context context) {
        requireReady();
        context.json(lineage.models().stream().map(ModelJson::of).toList());
    }

    private Handler model(Function<ModelLine, Object> view) {
        return context -> context.json(view.apply(line(context)));
    }

    private void certificate(Context context) {
        ModelLine line = line(context);
        String version = context.queryParam("version");
        context.json(CertificateJson.of(line, version == null ? line.parent() : number(version)));
    }

    private ModelLine line(Context context) {
        ModelName model = new ModelName(context.pathParam("model"));
        requireReady();
        return lineage.require(model);
    }

    private void requireReady() {
        Health now = health.get();
        if (!now.ready()) {
            throw new RetriableException(ErrorCode.NOT_READY, "the registry's log is not read yet: " + now.detail());
        }
    }

    private static int number(String version) {
        try {
            return Integer.parseInt(version);
        } catch (NumberFormatException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "version '%s' must be a whole number".formatted(version), e);
        }
    }

    private static void description(Context context) {
        context.contentType("application/yaml").result(description());
    }

    static String description() {
        try (InputStream in = RegistryRoutes.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
