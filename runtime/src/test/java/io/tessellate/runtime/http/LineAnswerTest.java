package io.tessellate.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.work.Cancellation;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineAnswerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = new Metrics();
    private final LineAnswer answers = new LineAnswer("blame", 1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile LineAnswer.Work work = (progress, cancellation) -> Map.of();
    private final HttpApi api = new HttpApi(
            "test",
            new HttpSettings("127.0.0.1", 0, Optional.of("secret"), 100),
            List.of(),
            metrics,
            config -> config.routes.get("/long", context -> answers.send(context, work)));

    @BeforeEach
    void start() {
        api.start();
    }

    @AfterEach
    void stop() {
        answers.close();
        api.close();
        metrics.close();
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(api.address() + "/long")).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Object untilStopped(Consumer<Object> progress, Cancellation cancellation) {
        begun.countDown();
        try {
            cancellation.pause(TimeUnit.MINUTES.toMillis(1));
            return "nobody stopped it";
        } catch (StoppedException e) {
            stopped.countDown();
            throw e;
        }
    }

    @Test
    void progressAndResultAreALineEach() throws Exception {
        work = (progress, cancellation) -> {
            progress.accept(Map.of("done", 1));
            return Map.of("answer", 42);
        };
        var answer = get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(LineAnswer.MEDIA_TYPE);
        assertThat(answer.body().lines())
                .containsExactly("{\"progress\":{\"done\":1}}", "{\"result\":{\"answer\":42}}");
    }

    @Test
    void whatFailsAtOnceIsAProblemAndWhatFailsLaterTheLastLine() throws Exception {
        work = (progress, cancellation) -> {
            throw new TessellateException(ErrorCode.UNKNOWN_TASK, "no task 'x'");
        };
        var refused = get();
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("UNKNOWN_TASK");

        work = (progress, cancellation) -> {
            progress.accept("half");
            throw new IllegalStateException("a secret detail");
        };
        assertThat(get().body().lines())
                .containsExactly(
                        "{\"progress\":\"half\"}",
                        "{\"error\":{\"code\":\"DEFECT\",\"message\":\"internal error; the log has it\"}}");
    }

    @Test
    void theWorkIsStoppedWhenWhoeverAskedHasGone() throws Exception {
        work = this::untilStopped;
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream()
                    .write("GET /long HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                            .formatted(api.port())
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(get().statusCode()).as("another one meanwhile").isEqualTo(503);
        }
        assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Of far more progress than connections hold, most is left out; the work does not wait, and its result comes. */
    @Test
    void whoeverReadsSlowlyGetsTheResultAndSomeOfTheProgress() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        String long4k = "x".repeat(4096);
        int lines = 10_000;
        work = (progress, cancellation) -> {
            for (int i = 0; i < lines; i++) {
                progress.accept(i + long4k);
            }
            done.countDown();
            return Map.of("answer", 42);
        };
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /long HTTP/1.0\r\nHost: 127.0.0.1:%d\r\n\r\n"
                            .formatted(api.port())
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(done.await(20, TimeUnit.SECONDS)).as("nobody has read").isTrue();
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int came = all.split("\\{\"progress\":", -1).length - 1;
            assertThat(came).isBetween(1, lines - 1);
            assertThat(all).contains("\"" + (lines - 1) + "xxx");
            assertThat(all.strip()).endsWith("{\"result\":{\"answer\":42},\"leftOut\":%d}".formatted(lines - came));
        }
    }

    @Test
    void theWorkIsStoppedWhenTheServiceEnds() throws Exception {
        work = this::untilStopped;
        var answer = client.sendAsync(
                HttpRequest.newBuilder(URI.create(api.address() + "/long")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        answers.close();
        assertThat(answer.get(20, TimeUnit.SECONDS).body()).contains(ErrorCode.INTERRUPTED.name());
    }
}
