package io.tessellate.pipeline.stack;

import io.javalin.config.JavalinConfig;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.metrics.Metrics;
import java.util.List;
import java.util.function.Consumer;

/** The stack's HTTP server. Routes are fixed when a server starts, so one whose service was replaced is started again. */
final class HttpFront implements AutoCloseable {
    private final HttpSettings settings;
    private final List<Component> components;
    private final Metrics metrics;
    private final Consumer<JavalinConfig> routes;
    private HttpApi server;
    private boolean closed;

    HttpFront(HttpSettings settings, List<Component> components, Metrics metrics, Consumer<JavalinConfig> routes) {
        this.settings = settings;
        this.components = List.copyOf(components);
        this.metrics = metrics;
        this.routes = routes;
        this.server = server();
    }

    private HttpApi server() {
        return new HttpApi("http", settings, components, metrics, routes);
    }

    synchronized void start() {
        server.start();
    }

    /** Listens on the same port with the services' present routes. */
    synchronized void restart() {
        if (!closed) {
            server.close();
            server = server();
            server.start();
        }
    }

    synchronized String address() {
        return server.address();
    }

    @Override
    public synchronized void close() {
        closed = true;
        server.close();
    }
}
