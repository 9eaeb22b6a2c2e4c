package io.tessellate.evaluator.dashboard;

import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.staticfiles.Location;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The dashboard's page, its JSON reads and its stream, as routes of a server. */
public final class Dashboard implements AutoCloseable {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final DashboardState state;
    private final List<StreamHub> hubs = new CopyOnWriteArrayList<>();

    /** A dashboard over folds that somebody else feeds. */
    public Dashboard(DashboardSources sources) {
        this.state = new DashboardState(sources);
    }

    /** Adds the page and its routes to a server; the streams end when that server stops. */
    public void routes(JavalinConfig config) {
        config.staticFiles.add(files -> {
            files.hostedPath = "/";
            files.directory = "/io/tessellate/evaluator/dashboard/web";
            files.location = Location.CLASSPATH;
            files.headers = Map.of(
                    "Content-Security-Policy", POLICY,
                    "X-Content-Type-Options", "nosniff",
                    "Referrer-Policy", "no-referrer",
                    "Cache-Control", "no-cache");
        });
        RoutesConfig routes = config.routes;
        routes.get("/api/v1/dashboard", context -> context.json(state.snapshot()));
        routes.get("/api/v1/tasks", context -> context.json(state.tasks(queried(context))));
        routes.get("/api/v1/alerts", context -> context.json(state.alerts(queried(context))));
        routes.get(
                "/api/v1/models/{model}/matrix", context -> context.json(state.matrix(model(context), view(context))));
        routes.get("/api/v1/models/{model}/tessellation", context -> context.json(state.tessellation(model(context))));
        StreamHub hub = new StreamHub(state);
        hubs.add(hub);
        routes.get("/api/v1/stream", hub::serve);
        config.events.serverStopping(hub::close);
    }

    /** How many pages read the stream. */
    int clients() {
        return hubs.stream().mapToInt(StreamHub::clients).sum();
    }

    private static ModelName model(Context context) {
        return new ModelName(context.pathParam("model"));
    }

    private static View view(Context context) {
        return View.parse(Optional.ofNullable(context.queryParam("view")).orElse(View.UNION.label()));
    }

    /** Lets every model through, or only the one named by the query. */
    private static Predicate<ModelName> queried(Context context) {
        String model = context.queryParam("model");
        return model == null ? any -> true : new ModelName(model)::equals;
    }

    @Override
    public void close() {
        hubs.forEach(StreamHub::close);
    }
}
