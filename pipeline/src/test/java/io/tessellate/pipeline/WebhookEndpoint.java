package io.tessellate.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.tessellate.evaluator.webhook.Webhook;
import io.tessellate.evaluator.webhook.WebhookSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Somebody's endpoint of Standard Webhooks, which remembers every attempt and takes what it is told to take. */
final class WebhookEndpoint implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SECRET =
            "whsec_" + Base64.getEncoder().encodeToString("an endpoint's secret of this test".getBytes(UTF_8));
    private static final int TAKEN = 204;
    private static final int BUSY = 503;

    private final HttpServer server;
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private volatile Predicate<Attempt> takes;

    /**
     * A request.
     *
     * @param id its webhook-id
     * @param taken whether it was answered so
     */
    record Attempt(String id, String body, boolean taken) {
        JsonNode data() {
            try {
                return JSON.readTree(body).path("data");
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + body, e);
            }
        }
    }

    /** One that listens already. */
    WebhookEndpoint(Predicate<Attempt> takes) throws IOException {
        this.takes = takes;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String id = exchange.getRequestHeaders().getFirst("webhook-id");
                String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                boolean taken = this.takes.test(new Attempt(id, body, false));
                attempts.add(new Attempt(id, body, taken));
                exchange.sendResponseHeaders(taken ? TAKEN : BUSY, -1);
            }
        });
        server.start();
    }

    /** From now on it takes others. */
    void takes(Predicate<Attempt> others) {
        takes = others;
    }

    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** Those about a task. */
    List<Attempt> about(String task) {
        return attempts.stream()
                .filter(attempt -> attempt.data().path("task").asText().equals(task))
                .toList();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** An endpoint as the service that sends knows it. */
    static Webhook of(String name, String url) {
        return new Webhook(name, URI.create(url), List.of(WebhookSecret.parse(name, SECRET)));
    }

    /** Flags of a process that sends here: impatient, and never giving up. */
    String[] flags(String name) {
        String key = "tessellate.alerts.webhooks." + name;
        return new String[] {
            "--set", key + ".url=" + url(),
            "--set", key + ".secret=" + SECRET,
            "--set", "tessellate.alerts.first-pause=200ms",
            "--set", "tessellate.alerts.longest-pause=1s",
            "--set", "tessellate.alerts.attempts=100000",
            "--set", "tessellate.alerts.timeout=1m"
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
