package io.tessellate.pipeline.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a command says when it cannot speak to what it was told to speak to. */
class ReachabilityTest {
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void aBrokerThatSpeaksTlsIsNamedAsThat() throws Exception {
        int port = tls();
        assertThat(Reachability.brokerGone(settings("127.0.0.1:" + port, Map.of())))
                .isEmpty();
        assertThatThrownBy(() -> Reachability.require(settings("127.0.0.1:" + port, Map.of())))
                .hasMessageContaining("the broker 127.0.0.1:" + port + " demands TLS")
                .hasMessageContaining("security.protocol to SSL")
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED));
    }

    @Test
    void aPortThatNobodyListensOnIsNamed() throws Exception {
        int port = closedPort();
        assertThat(Reachability.brokerGone(settings("127.0.0.1:" + port, Map.of())))
                .contains("the broker 127.0.0.1:%d cannot be reached: nothing listens there".formatted(port));
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        assertThat(Reachability.brokerGone(settings("no-such-host.invalid:9092", Map.of())))
                .hasValueSatisfying(why -> assertThat(why).contains("no-such-host.invalid:9092 cannot be found"));
    }

    @Test
    void aWebServerIsNotTakenForABroker() throws Exception {
        int port = web(404, "text/html", "<html>");
        assertThatThrownBy(() -> Reachability.require(settings("127.0.0.1:" + port, Map.of())))
                .hasMessageContaining("is a web server, not a Kafka broker");
    }

    @Test
    void aBrokerThatHangsIsNoticed() throws Exception {
        ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        opened.add(silent);
        assertThat(new PortProbe(Duration.ofMillis(200))
                        .greet(new Address("127.0.0.1", silent.getLocalPort()), "PLAIN"))
                .isEqualTo(new PortAnswer.Silent());
    }

    @Test
    void anAddressWithoutAPortIsRefusedAsConfiguration() {
        assertThatThrownBy(() -> Reachability.brokerGone(settings("kafka", Map.of())))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("HOST:PORT");
    }

    @Test
    void aRegistryThatWantsAPasswordIsNamed() throws Exception {
        assertRegistry(web(401, "application/json", "{\"error_code\":401,\"message\":\"no\"}"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED))
                .hasMessageContaining("refuses access with status 401")
                .hasMessageContaining("basic.auth.user.info");
    }

    @Test
    void aPageInPlaceOfARegistryIsNamed() throws Exception {
        assertRegistry(web(200, "text/html", "<html><body>Welcome</body></html>"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY))
                .hasMessageContaining("answers with something else than JSON");
    }

    @Test
    void aWrongPathToARegistryIsNamed() throws Exception {
        assertRegistry(web(404, "text/html", "not here"))
                .hasMessageContaining("status 404")
                .hasMessageContaining("/apis/ccompat/v7");
    }

    @Test
    void aRegistryThatIsNotThereIsNamed() throws Exception {
        int port = closedPort();
        assertRegistry(port)
                .hasMessageContaining("http://127.0.0.1:%d/apis cannot be reached: nothing listens".formatted(port));
    }

    @Test
    void aRegistryThatSpeaksTlsIsNamed() throws Exception {
        assertRegistry(tls()).hasMessageContaining("https://");
    }

    private static ThrowableAssert<TessellateException> assertRegistry(int port) {
        KafkaSettings settings = KafkaSettings.of("127.0.0.1:1", "http://127.0.0.1:%d/apis".formatted(port));
        return new ThrowableAssert<>(new SchemaRegistryProbe(settings).problem().orElseThrow());
    }

    private static KafkaSettings settings(String brokers, Map<String, String> properties) {
        KafkaSettings usual = KafkaSettings.of(brokers, "mock://reachability");
        return new KafkaSettings(brokers, usual.schemaRegistryUrl(), properties, usual.topics(), "test");
    }

    private int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A server without a certificate still answers in TLS, if only that nothing can be agreed on. */
    private int tls() throws IOException, NoSuchAlgorithmException {
        ServerSocket server = SSLContext.getDefault()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        opened.add(server);
        Thread thread = new Thread(() -> serve(server), "tls");
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(2000);
                socket.getInputStream().read();
            } catch (IOException e) {
                continue; // the handshake failed, as it has to
            }
        }
    }

    private int web(int status, String type, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        opened.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }
}
