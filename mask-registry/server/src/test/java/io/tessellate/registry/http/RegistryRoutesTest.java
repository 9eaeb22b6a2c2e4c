package io.tessellate.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.metrics.Metrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RegistryRoutesTest {
    private static final Sha256 BASE = Sha256.of("base".getBytes(StandardCharsets.UTF_8));
    private static final Sha256 ADAPTER = Sha256.of("adapter".getBytes(StandardCharsets.UTF_8));
    private static final TaskName SST2 = new TaskName("sst2");

    private static final String SECRET = "Bearer secret";

    private final List<String> asked = new ArrayList<>();
    private Health health = Health.up("following");
    private final HttpClient client = HttpClient.newHttpClient();
    private final Lineage lineage = new Lineage();
    private final RegistryRoutes routes = new RegistryRoutes(lineage, () -> health, new Registry());
    private final Metrics metrics = new Metrics();
    private final HttpApi api =
            new HttpApi("api", HttpSettings.local(0).withToken("secret"), List.of(), metrics, routes::addTo);

    @BeforeEach
    void start() {
        apply(new RegistryEvent.ModelRegistered(
                BASE,
                List.of(new StoredFile("model.safetensors", BASE, 400)),
                new ParameterSpace(List.of(new EligibleTensor("query", 10, 10))),
                Ownership.EXCLUSIVE,
                0.05));
        apply(new RegistryEvent.MaskReserved(SST2, new RunId("run-1"), 1, 0, 25, "lotto", null));
        apply(new RegistryEvent.AdapterCommitted(
                SST2,
                new RunId("run-1"),
                1,
                1,
                new StoredFile("adapter.safetensors", ADAPTER, 90),
                "lotto",
                25,
                0,
                "{\"seed\":1}",
                BASE,
                List.of(new CertifiedTask(SST2, 25, ADAPTER))));
        apply(new RegistryEvent.VersionPromoted(1, "first"));
        apply(new RegistryEvent.MaskReserved(
                new TaskName("mrpc"), new RunId("run-2"), 2, 1, 25, "expander", new ExpanderClass(4, 1, -7L)));
        api.start();
    }

    @AfterEach
    void stop() {
        api.close();
        metrics.close();
    }

    @Test
    void modelsAreListedAndShownOneByOne() throws Exception {
        assertThat(get("/api/v1/models").body())
                .startsWith("[{\"model\":\"glue\",\"baseDigest\":\"" + BASE)
                .contains("\"ownership\":\"exclusive\"", "\"version\":1", "\"champion\":1", "\"eligible\":100")
                .contains("\"owned\":25", "\"free\":75", "\"tasks\":[\"sst2\"]");
        assertThat(get("/api/v1/models/glue").body()).startsWith("{\"model\":\"glue\"");
    }

    @Test
    void versionsTellWhatWasCommittedAndHowItWasJudged() throws Exception {
        assertThat(get("/api/v1/models/glue/versions").body())
                .contains("\"task\":\"sst2\"", "\"run\":\"run-1\"", "\"state\":\"champion\"")
                .contains("\"adapter\":{\"name\":\"adapter.safetensors\",\"sha256\":\"" + ADAPTER + "\",\"bytes\":90}")
                .contains("\"committedAt\":\"2026-11-20T12:00:00Z\"");
    }

    @Test
    void masksLookAsScriptsExpectThem() throws Exception {
        assertThat(get("/api/v1/models/glue/masks").body())
                .isEqualTo("{\"model\":\"glue\",\"eligible\":100,\"free\":75,\"overlap\":0,\"tasks\":["
                        + "{\"task\":\"sst2\",\"method\":\"lotto\",\"owned\":25,\"density\":0.25,\"version\":1,"
                        + "\"overlap\":0,\"spectra\":[]}]}");
    }

    @Test
    void capacityShowsOpenReservations() throws Exception {
        assertThat(get("/api/v1/models/glue/capacity").body())
                .contains("\"freeShare\":0.75", "\"token\":2", "\"budget\":25")
                .contains("\"expander\":{\"classes\":4,\"index\":1,\"seed\":\"-7\",\"shared\":false}");
    }

    @Test
    void certificatesAreThereForEveryVersion() throws Exception {
        assertThat(get("/api/v1/models/glue/certificate").body())
                .contains("\"version\":1", "{\"task\":\"sst2\",\"owned\":25,\"sha256\":\"" + ADAPTER + "\"}");
        assertThat(get("/api/v1/models/glue/certificate?version=0").body()).contains("\"tasks\":[]");
        assertProblem(get("/api/v1/models/glue/certificate?version=2"), ErrorCode.UNKNOWN_VERSION);
        assertProblem(get("/api/v1/models/glue/certificate?version=new"), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void whatIsNotThereIsAProblem() throws Exception {
        assertProblem(get("/api/v1/models/other"), ErrorCode.UNKNOWN_MODEL);
        assertProblem(get("/api/v1/models/No%20Name/masks"), ErrorCode.INVALID_ARGUMENT);
        assertProblem(get("/api/v1/nothing"), ErrorCode.NOT_FOUND_ROUTE);
    }

    @Test
    void untilTheLogIsReadClientsAreAskedToComeAgain() throws Exception {
        health = Health.waiting("reading from the beginning");

        HttpResponse<String> answer = get("/api/v1/models/glue/masks");

        assertProblem(answer, ErrorCode.NOT_READY);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void theDescriptionListsExactlyTheRoutesThereAre() throws Exception {
        String description = get("/api/v1/openapi.yaml").body();

        List<String> described = Pattern.compile("(?m)^  (/api/\\S+):$")
                .matcher(description)
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(described).containsExactlyElementsOf(routes.paths());
    }

    @Test
    void aParkedModelSaysWhyAndIsResumedWithTheToken() throws Exception {
        apply(new RegistryEvent.ModelParked(ErrorCode.BLOB_DAMAGED, "it is gone", SST2, 1, "/blobs/ab/cd"));

        assertThat(get("/api/v1/models/glue").body())
                .contains("\"parked\":{\"code\":\"BLOB_DAMAGED\",\"reason\":\"it is gone\",\"task\":\"sst2\"")
                .contains("\"version\":1,\"path\":\"/blobs/ab/cd\"");
        assertProblem(resume("glue", "Bearer wrong"), ErrorCode.NO_TOKEN);
        assertProblem(resume("other", "Bearer secret"), ErrorCode.UNKNOWN_MODEL);
        assertThat(resume("glue", "Bearer secret").body()).contains("\"parked\":null");
        assertProblem(resume("glue", "Bearer secret"), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void aVersionIsPromotedAndRolledBackToByWhoeverHasTheToken() throws Exception {
        assertProblem(post("glue/promote", "{\"version\":2}", "Bearer wrong"), ErrorCode.NO_TOKEN);
        assertProblem(post("glue/promote", "{}", SECRET), ErrorCode.INVALID_ARGUMENT);
        assertProblem(post("glue/promote", "{\"version\":2,\"forced\":true}", SECRET), ErrorCode.INVALID_ARGUMENT);
        assertProblem(post("glue/promote", "{\"version\":1.5}", SECRET), ErrorCode.INVALID_ARGUMENT);
        assertProblem(post("other/rollback", "{\"version\":1}", SECRET), ErrorCode.UNKNOWN_MODEL);

        assertThat(post("glue/promote", "{\"version\":1,\"force\":true,\"why\":\"so\"}", SECRET)
                        .body())
                .contains("\"champion\":1");
        assertThat(post("glue/rollback", "{\"version\":1}", SECRET).statusCode())
                .isEqualTo(200);
        assertThat(asked)
                .containsExactly("promote 1 true by token 2bb80d53: so", "roll back to 1 false by token 2bb80d53");
    }

    @Test
    void theRunThatTrainsIsCancelledOrTheOneThatIsNamed() throws Exception {
        assertThat(post("glue/tasks/mrpc/cancel", "", SECRET).statusCode()).isEqualTo(200);
        assertThat(post("glue/tasks/cola/cancel", "{\"run\":\"run-9\",\"why\":\"old\"}", SECRET)
                        .statusCode())
                .isEqualTo(200);
        assertProblem(post("glue/tasks/cola/cancel", "", SECRET), ErrorCode.UNKNOWN_TASK);
        assertThat(post("glue/tasks/sst2/drop", "", SECRET).statusCode()).isEqualTo(200);
        assertProblem(post("glue/tasks/sst2/drop", "{\"run\":\"run-1\"}", SECRET), ErrorCode.INVALID_ARGUMENT);

        assertThat(asked)
                .containsExactly(
                        "cancel glue/mrpc run-2 by token 2bb80d53",
                        "cancel glue/cola run-9 by token 2bb80d53: old",
                        "drop glue/sst2 by token 2bb80d53");
    }

    /** Takes down what it is asked. */
    private final class Registry implements Acts {
        @Override
        public ModelLine resume(ModelName model, Author author) {
            if (lineage.require(model).parked().isEmpty()) {
                throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "model %s is not parked".formatted(model));
            }
            apply(new RegistryEvent.ModelResumed(author.who(), author.why()));
            return lineage.require(model);
        }

        @Override
        public ModelLine promote(ModelName model, int version, boolean force, Author author) {
            asked.add("promote %d %s %s".formatted(version, force, author.text()));
            return lineage.require(model);
        }

        @Override
        public ModelLine rollBack(ModelName model, int version, boolean force, Author author) {
            asked.add("roll back to %d %s %s".formatted(version, force, author.text()));
            return lineage.require(model);
        }

        @Override
        public ModelLine drop(TaskId task, Author author) {
            asked.add("drop %s %s".formatted(task, author.text()));
            return lineage.require(task.model());
        }

        @Override
        public ModelLine cancel(TaskId task, RunId run, Author author) {
            asked.add("cancel %s %s %s".formatted(task, run, author.text()));
            return lineage.require(task.model());
        }
    }

    private HttpResponse<String> post(String path, String body, String authorization)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.address() + "/api/v1/models/" + path))
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> resume(String model, String authorization) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.address() + "/api/v1/models/" + model + "/resume"))
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString("put the file back"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void apply(RegistryEvent event) {
        ModelName model = new ModelName("glue");
        Instant at = Instant.parse("2026-11-20T12:00:00Z");
        lineage.apply(new LoggedEvent(model, lineage.sequence(model) + 1, null, at, event));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(api.address() + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> answer, ErrorCode code) {
        assertThat(answer.statusCode()).isEqualTo(code.httpStatus());
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code.name() + "\"");
    }
}
