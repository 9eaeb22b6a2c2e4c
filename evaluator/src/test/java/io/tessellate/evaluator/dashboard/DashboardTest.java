package io.tessellate.evaluator.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.metrics.Metrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private SampleStream sample;
    private Dashboard dashboard;
    private HttpApi server;

    @BeforeEach
    void start(@TempDir Path directory) {
        sample = new SampleStream("bot", directory);
        dashboard = new Dashboard(sample.sources());
        server = new HttpApi("dashboard", HttpSettings.local(0), List.of(), new Metrics(), dashboard::routes);
        server.start();
    }

    @AfterEach
    void stop() {
        dashboard.close();
        server.close();
    }

    @Test
    void theMatrixHasTheShapeScriptsRelyOn() throws Exception {
        sample.register();
        sample.complete(0);
        sample.complete(1);

        JsonNode matrix = read("/api/v1/models/bot/matrix?view=union");

        assertThat(matrix.get("model").asText()).isEqualTo("bot");
        assertThat(matrix.get("view").asText()).isEqualTo("union");
        assertThat(matrix.get("tasks").toString()).isEqualTo("[\"sentiment\",\"question-type\"]");
        assertThat(matrix.get("metrics").toString()).isEqualTo("[\"accuracy\",\"accuracy\"]");
        assertThat(matrix.get("versions").toString()).isEqualTo("[1,2]");
        assertThat(matrix.get("matrix").toString()).isEqualTo("[[0.914],[0.902,0.883]]");
        assertThat(matrix.get("averageAccuracy").asDouble())
                .isCloseTo(0.8925, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(matrix.get("backwardTransfer").asDouble()).isNegative();
        assertThat(matrix.get("forgetting").asDouble()).isPositive();
        assertThat(read("/api/v1/models/bot/matrix?view=task").get("forgetting").asDouble())
                .isZero();
    }

    @Test
    void aModelWithoutAMeasuredVersionHasAnEmptyMatrix() throws Exception {
        sample.register();

        JsonNode matrix = read("/api/v1/models/bot/matrix");

        assertThat(matrix.get("versions")).isEmpty();
        assertThat(matrix.get("averageAccuracy").isNull()).isTrue();
    }

    @Test
    void whatDoesNotExistOrMakesNoSenseIsAProblem() throws Exception {
        sample.register();

        assertThat(get("/api/v1/models/nobody/matrix").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/models/bot/matrix?view=both").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/alerts?model=No%20Name").statusCode()).isEqualTo(400);
        assertThat(json.readTree(get("/api/v1/models/nobody/matrix").body())
                        .get("code")
                        .asText())
                .isEqualTo("UNKNOWN_MODEL");
    }

    @Test
    void tasksAlertsAndOwnersCanBeReadOneByOne() throws Exception {
        sample.register();
        for (int task = 0; task < 5; task++) {
            sample.complete(task);
        }

        assertThat(read("/api/v1/tasks?model=bot")).hasSize(5);
        assertThat(read("/api/v1/tasks?model=other")).isEmpty();
        JsonNode alerts = read("/api/v1/alerts?model=bot");
        assertThat(alerts.get(0).get("severity").asText()).isEqualTo("CRITICAL");
        assertThat(alerts.get(0).get("view").asText()).isEqualTo("union");
        JsonNode tensor = read("/api/v1/models/bot/tessellation").get("tensors").get(0);
        int owned = 0;
        for (JsonNode share : tensor.get("owned")) {
            owned += share.asInt();
        }
        assertThat(owned + tensor.get("free").asInt())
                .isEqualTo(tensor.get("size").asInt());
        assertThat(read("/api/v1/dashboard")
                        .get("models")
                        .get(0)
                        .get("certificate")
                        .get("ok")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void thePageMayRunNothingButItsOwnScripts() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Tessellate</title>").doesNotContain("<style", "style=", "onclick");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain("http://", "https://");
    }

    @Test
    void theStreamBeginsWithEverySectionAndGoesOnWithWhatChanges() throws Exception {
        sample.register();
        var request = HttpRequest.newBuilder(uri("/api/v1/stream"))
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<InputStream> stream = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (String section :
                    List.of("models", "tasks", "matrices", "tessellations", "deadLetters", "alerts", "live")) {
                assertThat(next(lines)).isEqualTo("event: " + section);
            }
            sample.arrive(0);
            assertThat(next(lines)).isEqualTo("event: tasks");
        }
    }

    @Test
    void clientsThatGoAwayLeaveNoThreadAndTheServerStopsWithThoseThatStay() throws Exception {
        sample.register();
        try (Socket reads = connect(1 << 16);
                Socket doesNotRead = connect(2048)) {
            assertThat(reads.getInputStream().read()).isPositive();
            await().until(() -> dashboard.clients() == 2);
            doesNotRead.setSoLinger(true, 0);
            doesNotRead.close();
            await().until(() -> {
                sample.arrive(0);
                return dashboard.clients() == 1;
            });
            assertThat(get("/api/v1/tasks").statusCode()).isEqualTo(200);
            server.close();
            await().until(() -> dashboard.clients() == 0);
            dashboard.close();
            dashboard.close();
        }
    }

    @Test
    void oneClientThatNeverReadsKeepsNoOtherFromReading() throws Exception {
        sample.register();
        for (int task = 0; task < 5; task++) {
            sample.complete(task);
        }
        try (Socket stalled = connect(1024)) {
            await().until(() -> dashboard.clients() == 1);
            try (Socket reads = connect(1 << 16)) {
                var lines = new BufferedReader(new InputStreamReader(reads.getInputStream(), StandardCharsets.UTF_8));
                assertThat(next(lines)).isEqualTo("event: models");
            }
            assertThat(stalled.isClosed()).isFalse();
        }
    }

    @Test
    void thereIsAnEndToHowManyPagesAreServed() throws Exception {
        List<Socket> pages = new ArrayList<>();
        try {
            for (int page = 0; page < StreamHub.MOST_CLIENTS; page++) {
                pages.add(connect(2048));
            }
            await().until(() -> dashboard.clients() == StreamHub.MOST_CLIENTS);
            assertThat(get("/api/v1/stream").statusCode()).isEqualTo(503);
        } finally {
            for (Socket page : pages) {
                page.close();
            }
        }
    }

    private Socket connect(int buffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(buffer);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.getOutputStream()
                .write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith("event:")) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    private URI uri(String path) {
        return URI.create(server.address() + path);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode read(String path) throws IOException, InterruptedException {
        return json.readTree(get(path).body());
    }
}
