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
import io.tessellate.runtime.health.Health;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The registry's reads, as openapi.yaml describes them. They are answered from a fold of the registry's topic, so every
 * instance answers for every model, and only with what was committed.
 */
public final class RegistryRoutes {
    private final Lineage lineage;
    private final Supplier<Health> health;
    private final Map<String, Handler> reads = new LinkedHashMap<>();

    /**
     * Routes over a fold.
     *
     * @param health whether the fold has seen everything; until then reads are answered with 503
     */
    public RegistryRoutes(Lineage lineage, Supplier<Health> health) {
        this.lineage = lineage;
        this.health = health;
        reads.put("/api/v1/openapi.yaml", RegistryRoutes::description);
        reads.put("/api/v1/models", this::models);
        reads.put("/api/v1/models/{model}", model(ModelView::of));
        reads.put("/api/v1/models/{model}/versions", model(VersionsView::of));
        reads.put("/api/v1/models/{model}/masks", model(MasksView::of));
        reads.put("/api/v1/models/{model}/capacity", model(CapacityView::of));
        reads.put("/api/v1/models/{model}/certificate", this::certificate);
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        reads.forEach(config.routes::get);
    }

    /** The paths of all routes. */
    Iterable<String> paths() {
        return reads.keySet();
    }

    private void models(Context context) {
        requireReady();
        context.json(lineage.models().stream().map(ModelView::of).toList());
    }

    private Handler model(Function<ModelLine, Object> view) {
        return context -> context.json(view.apply(line(context)));
    }

    private void certificate(Context context) {
        ModelLine line = line(context);
        String version = context.queryParam("version");
        context.json(CertificateView.of(line, version == null ? line.currentVersion() : number(version)));
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
