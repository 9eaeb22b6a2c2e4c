package io.tessellate.pipeline.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StackApiTest {
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aTableIsAskedForAsTextAndPrintedAsItComes() {
        answer("/api/v1/reports/matrix", 200, "glue, union view\n", null);
        assertThat(api().report("matrix?model=glue&view=union", false))
                .hasValueSatisfying(answer -> assertThat(answer.body()).isEqualTo("glue, union view\n"))
                .hasValueSatisfying(answer -> assertThat(answer.verdict()).isEmpty());
    }

    @Test
    void whatIsWrongWithTheThingComesBesideTheAnswer() {
        TessellateException broken = new TessellateException(
                ErrorCode.FROZEN_WEIGHT_CHANGED, "version 2 of glue is not as it was certified");
        answer("/api/v1/reports/verification", 200, "{\"ok\":false}", VerdictHeader.text(broken));
        assertThat(api().report("verification?model=glue", true))
                .hasValueSatisfying(answer -> assertThat(answer.verdict())
                        .hasValueSatisfying(e -> assertThat(e.code()).isEqualTo(ErrorCode.FROZEN_WEIGHT_CHANGED))
                        .hasValueSatisfying(e -> assertThat(e).hasMessage(broken.getMessage())));
    }

    @Test
    void aRefusalIsTheCommandsFailure() {
        answer("/api/v1/reports/masks", 404, "{\"code\":\"UNKNOWN_MODEL\",\"detail\":\"no model 'glue'\"}", null);
        assertThatThrownBy(() -> api().report("masks?model=glue", true))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL))
                .hasMessage("no model 'glue'");
    }

    @Test
    void aStackThatKnowsNoReportsLeavesItToTheTopics() {
        answer("/api/v1/reports/tasks", 404, "{\"code\":\"NOT_FOUND_ROUTE\",\"detail\":\"no route\"}", null);
        assertThat(api().report("tasks", true)).isEmpty();
    }

    @Test
    void somebodyElseAtTheAddressLeavesItToTheTopics() {
        answer("/api/v1/reports/tasks", 500, "<html>oops</html>", null);
        assertThat(api().report("tasks", true)).isEmpty();
    }

    @Test
    void aStackThatHasGoneLeavesItToTheTopics() {
        StackApi api = api();
        server.stop(0);
        assertThat(api.report("tasks", true)).isEmpty();
    }

    private StackApi api() {
        return new StackApi("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(String path, int status, String body, @org.jspecify.annotations.Nullable String verdict) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (verdict != null) {
                exchange.getResponseHeaders().add(VerdictHeader.HEADER, verdict);
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
