package io.tessellate.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.metrics.Metrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpApiTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = new Metrics();
    private Health health = Health.up("fine");
    private final Component part = new Component() {
        @Override
        public String name() {
            return "part";
        }

        @Override
        public Health health() {
            return health;
        }
    };
    private final HttpApi api = new HttpApi(
            "test", new HttpSettings("127.0.0.1", 0, Optional.of("secret"), 100), List.of(part), metrics, config -> {
                config.routes.get("/hello", context -> context.json(Map.of("hello", "world")));
                config.routes.get("/unknown", context -> {
                    throw new TessellateException(ErrorCode.UNKNOWN_MODEL, "no model 'x'");
                });
                config.routes.get("/broken", context -> {
                    throw new IllegalStateException("a secret detail");
                });
                config.routes.post("/write", context -> context.result("written " + context.body()));
            });

    @BeforeEach
    void start() {
        api.start();
    }

    @AfterEach
    void stop() {
        api.close();
        metrics.close();
    }

    @Test
    void routesAnswerJson() throws Exception {
        var answer = get("/hello");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"hello\":\"world\"}");
    }

    @Test
    void aCodeOfTheErrorTableBecomesAProblem() throws Exception {
        var answer = get("/unknown");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(answer.body()).contains("\"code\":\"UNKNOWN_MODEL\"", "no model 'x'", "\"instance\":\"/unknown\"");
    }

    @Test
    void aDefectKeepsItsDetailsToTheLog() throws Exception {
        var answer = get("/broken");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("DEFECT").doesNotContain("secret detail");
    }

    @Test
    void aRouteThatIsNotThereIsAProblemToo() throws Exception {
        var answer = get("/nowhere");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("NOT_FOUND_ROUTE");
    }

    @Test
    void readinessAndLivenessFollowTheComponents() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        health = Health.waiting("restoring");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).contains("restoring");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        health = Health.dead("gone");
        assertThat(get("/livez").statusCode()).isEqualTo(503);
    }

    @Test
    void metricsAreThereForPrometheus() throws Exception {
        metrics.registry().counter("tessellate.things").increment();
        assertThat(get("/metrics").body()).contains("tessellate_things_total 1.0", "jvm_memory_used_bytes");
    }

    @Test
    void writingNeedsTheToken() throws Exception {
        assertThat(post("Bearer secret", "x").body()).isEqualTo("written x");
        assertThat(post("Bearer wrong", "x").statusCode()).isEqualTo(401);
        assertThat(post("", "x").body()).contains("NO_TOKEN");
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        assertThat(post("Bearer secret", "x".repeat(101)).statusCode()).isEqualTo(413);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(api.address() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String authorization, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(api.address() + "/write"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
