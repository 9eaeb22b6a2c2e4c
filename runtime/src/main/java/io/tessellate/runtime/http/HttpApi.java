package io.tessellate.runtime.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.Printable;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP server: the caller's routes, {@code /livez}, {@code /readyz} and {@code /metrics}, errors as
 * problem+json, a token on everything that is not a read, and an answer to nobody but the server's own visitors.
 */
public final class HttpApi implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final String TOKEN = "token";
    private static final int LONGEST_NAME = 100;
    private static final Set<HandlerType> READS = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final long STREAM_TIMEOUT_MILLIS = 0;

    private final String name;
    private final HttpSettings settings;
    private final List<? extends Component> components;
    private final Metrics metrics;
    private final Consumer<JavalinConfig> routes;
    private final Visitors visitors;
    private @Nullable Javalin server;

    /**
     * A server that is not yet listening.
     *
     * @param components whose health {@code /livez} and {@code /readyz} sum up
     * @param routes adds routes (through {@code config.routes}) and static files
     */
    public HttpApi(
            String name,
            HttpSettings settings,
            List<? extends Component> components,
            Metrics metrics,
            Consumer<JavalinConfig> routes) {
        this.name = name;
        this.settings = settings;
        this.components = List.copyOf(components);
        this.metrics = metrics;
        this.routes = routes;
        this.visitors = new Visitors(settings);
    }

    /**
     * Who asks for a change, as the log names them: whose token the request came with, before it the name in the parameter {@code who},
     * which nobody vouches for.
     */
    public static String who(Context context) {
        String token = context.attribute(TOKEN);
        if (token == null) {
            throw new IllegalStateException(context.method() + " needs no token, so nobody is known");
        }
        String said = context.queryParam("who");
        if (said == null || said.isBlank()) {
            return token;
        }
        String name = said.strip();
        if (name.length() > LONGEST_NAME) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "who must not be longer than %d characters: %d".formatted(LONGEST_NAME, name.length()));
        }
        return "%s (%s)".formatted(Printable.line(name), token);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start() {
        Javalin created = Javalin.create(this::configure);
        try {
            server = created.start(settings.host(), settings.port());
        } catch (JavalinBindException e) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY,
                    "%s cannot listen on %s:%d: %s".formatted(name, settings.host(), settings.port(), e.getMessage()),
                    e);
        }
        LOG.info("{} listens on {}", name, address());
    }

    /** The port that was bound. */
    public synchronized int port() {
        if (server == null) {
            throw new TessellateException(ErrorCode.INTERRUPTED, name + " was stopped, or is not started");
        }
        return server.port();
    }

    /** Where clients reach it. */
    public String address() {
        return "http://%s:%d".formatted(settings.host(), port());
    }

    @Override
    public synchronized Health health() {
        return server == null ? Health.waiting("not listening") : Health.up("listening on port " + server.port());
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = settings.maxRequestBytes();
        config.http.asyncTimeout = STREAM_TIMEOUT_MILLIS;
        RoutesConfig own = config.routes;
        own.before(this::guard);
        own.get("/livez", context -> answer(context, Health::live));
        own.get("/readyz", context -> answer(context, Health::ready));
        own.get(
                "/metrics",
                context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()));
        routes.accept(config);
        own.exception(TessellateException.class, (e, context) -> {
            problem(context, e.code(), message(e));
            if (e instanceof RetriableException) {
                context.header("Retry-After", "2");
            }
        });
        own.exception(HttpResponseException.class, HttpApi::problem);
        own.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            problem(context, ErrorCode.DEFECT, "internal error; the log has it");
        });
    }

    private void guard(Context context) {
        visitors.check(context);
        if (READS.contains(context.method())) {
            return;
        }
        visitors.checkWriting(context);
        String header = context.header("Authorization");
        String expected = settings.token().map(token -> "Bearer " + token).orElse(null);
        if (expected == null || header == null || !same(expected, header)) {
            throw new TessellateException(
                    ErrorCode.NO_TOKEN,
                    "%s needs the header 'Authorization: Bearer <token>'".formatted(context.method()));
        }
        context.attribute(TOKEN, settings.tokenName().orElseThrow());
        if (context.contentLength() > settings.maxRequestBytes()) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE,
                    "body of %d bytes is over the limit of %d"
                            .formatted(context.contentLength(), settings.maxRequestBytes()));
        }
    }

    private static boolean same(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), actual.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(Context context, java.util.function.Predicate<Health> good) {
        Map<String, Object> parts = new LinkedHashMap<>();
        boolean all = true;
        for (Component component : components) {
            Health health = component.health();
            all &= good.test(health);
            parts.put(component.name(), health);
        }
        context.status(all ? 200 : 503).json(Map.of("ok", all, "components", parts));
    }

    private static void problem(HttpResponseException e, Context context) {
        switch (e.getStatus()) {
            case 404, 405 -> problem(context, ErrorCode.NOT_FOUND_ROUTE, "no route " + context.path());
            case 413 -> problem(context, ErrorCode.TOO_LARGE, message(e));
            default -> problem(context, ErrorCode.INVALID_ARGUMENT, message(e));
        }
    }

    private static void problem(Context context, ErrorCode code, String detail) {
        context.status(code.httpStatus()).json(Problem.of(code, detail, context.path()));
        context.contentType(Problem.MEDIA_TYPE);
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
