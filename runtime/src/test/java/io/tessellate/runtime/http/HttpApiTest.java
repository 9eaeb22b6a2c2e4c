package io.tessellate.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.http.staticfiles.Location;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Component;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.metrics.Metrics;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
                config.staticFiles.add(files -> {
                    files.hostedPath = "/";
                    files.directory = "/io/tessellate/runtime/http/web";
                    files.location = Location.CLASSPATH;
                });
                config.routes.get("/hello", context -> context.json(Map.of("hello", "world")));
                config.routes.get("/unknown", context -> {
                    throw new TessellateException(ErrorCode.UNKNOWN_MODEL, "no model 'x'");
                });
                config.routes.get("/broken", context -> {
                    throw new IllegalStateException("a secret detail");
                });
                config.routes.post("/write", context -> context.result("written " + context.body()));
                config.routes.post("/act", context -> context.result(HttpApi.who(context)));
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

    @Test
    void everyRouteAnswersUnderTheNamesOfThisServerOnly() throws Exception {
        for (String path : List.of("/hello", "/livez", "/readyz", "/metrics", "/nowhere", "/page.txt")) {
            for (String foreign : List.of("evil.example", "evil.example:80", "localhost.evil.example", "10.0.0.1")) {
                assertThat(raw(path, "Host: " + foreign))
                        .as("%s as %s", path, foreign)
                        .contains(" 403 ");
            }
            assertThat(raw(path, "X: y")).contains(" 400 ");
        }
        for (String own :
                List.of("localhost", "LOCALHOST:" + api.port(), "127.0.0.1", "127.8.9.1:1", "[::1]:7", "localhost.")) {
            assertThat(raw("/hello", "Host: " + own)).as(own).contains(" 200 ");
            assertThat(raw("/page.txt", "Host: " + own)).as(own).contains(" 200 ");
        }
    }

    @Test
    void aPageOfAnotherSiteIsRefusedOnEveryRouteEvenWithTheToken() throws Exception {
        for (String origin :
                List.of("http://evil.example", "null", "http://127.0.0.1:1", "https://localhost:2", "x y")) {
            assertThat(raw("/hello", "Host: 127.0.0.1:9", "Origin: " + origin)).contains(" 403 ", "FOREIGN_ORIGIN");
        }
        assertThat(raw("/hello", "Host: 127.0.0.1:9", "Origin: http://127.0.0.1:9"))
                .contains(" 200 ");
        assertThat(raw("/hello", "Host: 127.0.0.1:9")).contains(" 200 ").doesNotContain("Access-Control");
    }

    /** A browser says so itself, also where an origin was left out; another port of this machine is another server. */
    @Test
    void aPageOfAnotherServerActsOnNothingEvenWithTheToken() throws Exception {
        for (String site : List.of("cross-site", "same-site", "something-new")) {
            assertThat(act("?who=ada", site)).as(site).contains(" 403 ", "FOREIGN_ORIGIN");
        }
        assertThat(act("?who=ada", "same-origin")).contains(" 200 ");
        assertThat(act("?who=ada", "none")).contains(" 200 ");
        assertThat(raw("/hello", "Host: 127.0.0.1", "Sec-Fetch-Site: cross-site"))
                .as("a link may be followed")
                .contains(" 200 ");
    }

    @Test
    void whoActsIsTheTokenAndTheNameThatIsGivenWithIt() throws Exception {
        assertThat(act("", "none")).matches("(?s).*\r\n\r\ntoken [0-9a-f]{8}");
        assertThat(act("?who=", "none")).matches("(?s).*\r\n\r\ntoken [0-9a-f]{8}");
        assertThat(act("?who=J%C3%BCrgen%1B", "none"))
                .matches("(?s).*\r\n\r\nJürgen\\S* \\(token [0-9a-f]{8}\\)")
                .doesNotContain("\u001b");
        assertThat(act("?who=" + "x".repeat(101), "none")).contains(" 400 ", "100 characters: 101");
    }

    private String act(String query, String site) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            String request =
                    "POST /act%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer secret\r\nSec-Fetch-Site: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .formatted(query, site);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aProbeThatNamesNoHostIsNoPage() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream().write("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains(" 200 ");
        }
    }

    @Test
    void furtherNamesAreThoseOfTheConfiguration() throws Exception {
        HttpSettings settings = HttpSettings.local(0).withHosts(List.of("trainer", "Tess.example"));
        try (HttpApi named = new HttpApi("named", settings, List.of(part), metrics, config -> {})) {
            named.start();
            assertThat(raw(named.port(), "/livez", "Host: trainer:8090")).contains(" 200 ");
            assertThat(raw(named.port(), "/livez", "Host: tess.EXAMPLE")).contains(" 200 ");
            assertThat(raw(named.port(), "/livez", "Host: other")).contains(" 403 ");
        }
        try (HttpApi any = new HttpApi(
                "any", HttpSettings.local(0).withHosts(List.of("*")), List.of(part), metrics, config -> {})) {
            any.start();
            assertThat(raw(any.port(), "/livez", "Host: other")).contains(" 200 ");
        }
    }

    @Test
    void aServerForEveryAddressAnswersToAddresses() throws Exception {
        HttpSettings settings = HttpSettings.local(0).withHost("0.0.0.0");
        try (HttpApi open = new HttpApi("open", settings, List.of(part), metrics, config -> {})) {
            open.start();
            assertThat(raw(open.port(), "/livez", "Host: 10.1.2.3:8090")).contains(" 200 ");
            assertThat(raw(open.port(), "/livez", "Host: [fe80::1]:8090")).contains(" 200 ");
            assertThat(raw(open.port(), "/livez", "Host: evil.example")).contains(" 403 ");
        }
    }

    private String raw(String path, String... headers) throws IOException {
        return raw(api.port(), path, headers);
    }

    /** A request with headers that a client library would not let through. */
    private static String raw(int port, String path, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request =
                    "GET %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n".formatted(path, String.join("\r\n", headers));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
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
