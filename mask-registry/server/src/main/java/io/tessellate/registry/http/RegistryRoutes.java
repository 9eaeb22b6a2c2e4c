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
import io.tessellate.runtime.health.Health;
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
    private static final String RESUME = "/api/v1/models/{model}/resume";
    private static final int LONGEST_REASON = 1000;

    private final Lineage lineage;
    private final Supplier<Health> health;
    private final Resumption resumption;
    private final Map<String, Handler> reads = new LinkedHashMap<>();

    /** Lets a parked model go on. */
    @FunctionalInterface
    public interface Resumption {
        /**
         * Asks the registry and waits for its answer.
         *
         * @throws TessellateException with what the registry refuses it for
         */
        ModelLine resume(ModelName model, String who, String why);
    }

    /**
     * Routes over a fold.
     *
     * @param health whether the fold has seen everything; until then reads are answered with 503
     * @param resumption lets a parked model go on
     */
    public RegistryRoutes(Lineage lineage, Supplier<Health> health, Resumption resumption) {
        this.lineage = lineage;
        this.health = health;
        this.resumption = resumption;
        reads.put("/api/v1/openapi.yaml", RegistryRoutes::description);
        reads.put("/api/v1/models", this::models);
        reads.put("/api/v1/models/{model}", model(ModelJson::of));
        reads.put("/api/v1/models/{model}/versions", model(VersionsJson::of));
        reads.put("/api/v1/models/{model}/masks", model(MasksJson::of));
        reads.put("/api/v1/models/{model}/capacity", model(CapacityJson::of));
        reads.put("/api/v1/models/{model}/certificate", this::certificate);
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        reads.forEach(config.routes::get);
        config.routes.post(RESUME, this::resume);
    }

    private void resume(Context context) {
        ModelLine line = line(context);
        String why = context.body().strip();
        if (why.length() > LONGEST_REASON) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a reason must not be longer than %d characters".formatted(LONGEST_REASON));
        }
        context.json(ModelJson.of(resumption.resume(line.name(), "http", why.isEmpty() ? "asked for by HTTP" : why)));
    }

    /** The paths of all routes. */
    Iterable<String> paths() {
        return Stream.concat(reads.keySet().stream(), Stream.of(RESUME)).toList();
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
