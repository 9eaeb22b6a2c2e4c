package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.fixture.TinyBase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The genuine Prometheus scrapes a running stack with the rules and asks what the dashboard asks: every rule and every expression
 * evaluates, and each is about series that are there.
 */
@ExtendWith(SharedStack.class)
class PrometheusIT {
    private static final Path BINARY = Path.of("/usr/bin/prometheus");
    private static final Path FILES = Path.of("..", "docker");
    private static final Pattern SERIES = Pattern.compile("\\b(tessellate|jvm|kafka|process)_[a-z0-9_]+");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /**
     * Counters of a code appear with its first case; those of cases that a sound stack has none of, and those of endpoints, of which
     * it has none either: their names are held where endpoints are tested.
     */
    private static final Set<String> OF_TROUBLE = Set.of(
            "tessellate_ingest_records_dead_lettered_total",
            "tessellate_ingest_datasets_rejected_total",
            "tessellate_registry_refusals_total",
            "tessellate_predictions_refused_total",
            "tessellate_predictions_not_written_total",
            "tessellate_alerts_sent_total",
            "tessellate_alerts_waiting",
            "tessellate_alerts_attempts_failed_total");

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient client = HttpClient.newHttpClient();
    private final RunningTestStack tessellate;
    private final PushedTasks tasks;
    private Process prometheus;
    private int port;

    @TempDir
    private Path directory;

    PrometheusIT(RunningTestStack tessellate, @TempDir Path base) throws IOException {
        this.tessellate = tessellate;
        this.tasks = new PushedTasks(tessellate, base, TinyBase.write(base.resolve("base")));
    }

    @BeforeEach
    void start() throws IOException {
        requireInstalled();
        String rules = FILES.resolve("prometheus/alerts.yml").toAbsolutePath().toString();
        String target = URI.create(tessellate.stack().file().http()).getAuthority();
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: tessellate
                    static_configs: [{targets: ["%s"], labels: {part: all}}]
                """.formatted(rules, target));
        prometheus = new ProcessBuilder(
                        BINARY.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("series"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (prometheus != null) {
            prometheus.destroy();
            if (!prometheus.waitFor(20, TimeUnit.SECONDS)) {
                prometheus.destroyForcibly().waitFor();
            }
        }
    }

    private static void requireInstalled() {
        if (Files.isExecutable(BINARY)) {
            return;
        }
        String message = "no Prometheus at %s (Debian: apt-get install prometheus)".formatted(BINARY);
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(message);
        }
        System.err.println("SKIPPED: rules and dashboard are not asked of a Prometheus: " + message);
        Assumptions.abort(message);
    }

    @Test
    void everyRuleAndEveryExpressionOfTheDashboardEvaluates() throws Exception {
        tasks.register("watched", "--forgetting-budget", "1");
        tasks.push("watched/colours", new TinyTask("red", "green", 24, 8, 3), "--method", "random", "--density", "0.1");
        await().atMost(PATIENCE)
                .until(() -> value("max(tessellate_registry_version{model=\"watched\"})")
                        .equals("1"));
        await().atMost(PATIENCE)
                .until(() -> value("sum(tessellate_evaluator_examples_total) > bool 0")
                        .equals("1"));
        try (ForeignProducer foreign = new ForeignProducer(tessellate.stack().file())) {
            foreign.create("predict.watched.colours", Map.of());
            byte[] question = "{\"id\":\"one\",\"text\":\"red\"}".getBytes(StandardCharsets.UTF_8);
            foreign.send("predict.watched.colours", "one", question, null);
            foreign.flush();
        }
        await().atMost(PATIENCE)
                .until(() -> value("sum(tessellate_live_ids{model=\"watched\",state=\"waiting\"})")
                        .equals("1"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ask("rules").findValuesAsText("health"))
                        .isNotEmpty()
                        .containsOnly("ok"));
        List<String> asked = new ArrayList<>(expressions());
        ask("rules").findValues("query").forEach(query -> asked.add(query.asText()));
        assertThat(asked).hasSizeGreaterThan(18);
        // Waited for: a scrape that falls among the meters of a model while they are added has some and not yet others.
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(texts(ask("label/__name__/values"))).containsAll(seriesIn(asked)));
        for (String expression : asked) {
            assertThat(query(expression).path("status").asText()).as(expression).isEqualTo("success");
        }
    }

    private static Set<String> seriesIn(List<String> expressions) {
        return expressions.stream()
                .flatMap(expression -> SERIES.matcher(expression).results())
                .map(MatchResult::group)
                .filter(name -> !OF_TROUBLE.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** However many tasks there are, series are of models, codes and clients: no task, run or version names one. */
    @Test
    void noSeriesIsNamedAfterATaskOrARun() {
        await().atMost(PATIENCE).until(() -> value("max(up)").equals("1"));
        assertThat(texts(ask("labels"))).doesNotContain("task", "run", "version", "dataset", "example");
    }

    private List<String> expressions() throws IOException {
        JsonNode dashboard = json.readTree(
                FILES.resolve("grafana/dashboards/tessellate.json").toFile());
        return dashboard.findValues("expr").stream()
                .map(JsonNode::asText)
                .map(expression -> expression.replace("$__rate_interval", "1m"))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private JsonNode query(String expression) {
        return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    }

    /** The first value of a query; empty while there is none. */
    private String value(String expression) {
        return query(expression)
                .path("data")
                .path("result")
                .path(0)
                .path("value")
                .path(1)
                .asText();
    }

    private JsonNode ask(String what) {
        return get(what).path("data");
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:%d/api/v1/%s".formatted(port, path)))
                    .build();
            return json.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            return json.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
