package io.tessellate.pipeline.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A Hub with one model on this machine; large files are redirected to a second server, as the real one does. */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String TOKEN = "hf_secret";

    private final HttpServer hub = server(this::answer);
    private final HttpServer store = server(this::serve);
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, Long> announced = new LinkedHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tokensAtStore = Collections.synchronizedList(new ArrayList<>());
    private volatile int breaks;
    private volatile boolean ignoresRanges;
    private volatile boolean lies;
    private volatile int refusal;
    private volatile String reason = "";
    private volatile boolean gated;

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private static HttpServer server(Handler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    handler.handle(exchange);
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeHub with(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    FakeHub with(String name, String content) {
        return with(name, content.getBytes(UTF_8));
    }

    /** Says that there is a file of so many bytes, without having it. */
    FakeHub announcing(String name, long bytes) {
        announced.put(name, bytes);
        return this;
    }

    /** Breaks off so many of the next transfers of large files half-way. */
    FakeHub breakingOff(int times) {
        breaks = times;
        return this;
    }

    FakeHub ignoringRanges() {
        ignoresRanges = true;
        return this;
    }

    /** Serves other bytes than it announces. */
    FakeHub lying() {
        lies = true;
        return this;
    }

    FakeHub gated() {
        gated = true;
        return this;
    }

    /** Answers everything with a status and an error code. */
    FakeHub refusing(int status, String errorCode) {
        refusal = status;
        reason = errorCode;
        return this;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    /** What was asked for, with the first byte where a range was. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    List<String> tokensAtStore() {
        return List.copyOf(tokensAtStore);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        boolean mayRead =
                ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (refusal != 0) {
            exchange.getResponseHeaders().add("X-Error-Code", reason);
            exchange.sendResponseHeaders(refusal, -1);
        } else if (gated && !mayRead) {
            exchange.getResponseHeaders().add("X-Error-Code", "GatedRepo");
            exchange.sendResponseHeaders(401, -1);
        } else if (path.equals("/api/models/org/small/revision/main")) {
            send(exchange, info());
        } else if (path.startsWith("/org/small/resolve/" + COMMIT + "/")) {
            file(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private byte[] info() {
        Map<String, Long> sizes = new LinkedHashMap<>(announced);
        files.forEach((name, content) -> sizes.put(name, (long) content.length));
        String siblings = sizes.entrySet().stream()
                .map(file -> "{\"rfilename\":\"%s\",\"size\":%d}".formatted(file.getKey(), file.getValue()))
                .collect(Collectors.joining(","));
        return "{\"sha\":\"%s\",\"siblings\":[%s]}".formatted(COMMIT, siblings).getBytes(UTF_8);
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        if (!name.endsWith(".safetensors")) {
            exchange.getResponseHeaders().add("ETag", "\"%s\"".formatted(gitId(content)));
            send(exchange, content);
            return;
        }
        exchange.getResponseHeaders()
                .add("X-Linked-Etag", "\"%s\"".formatted(Sha256.of(content).hex()));
        exchange.getResponseHeaders().add("X-Linked-Size", String.valueOf(content.length));
        exchange.getResponseHeaders().add("ETag", "\"" + "0".repeat(40) + "\"");
        exchange.getResponseHeaders()
                .add(
                        "Location",
                        "http://127.0.0.1:%d/%s".formatted(store.getAddress().getPort(), name));
        exchange.sendResponseHeaders(302, -1);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(1);
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        if (token != null) {
            tokensAtStore.add(token);
        }
        byte[] content = files.get(name).clone();
        content[0] += (byte) (lies ? 1 : 0);
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null || ignoresRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        requests.add("store %s from %d".formatted(name, from));
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        int to = content.length;
        if (breaks > 0) {
            breaks--;
            to = (from + content.length) / 2;
        }
        exchange.getResponseBody().write(Arrays.copyOfRange(content, from, to));
        exchange.getResponseBody().flush();
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    private static String gitId(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update("blob %d\0".formatted(content.length).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
    }
}
