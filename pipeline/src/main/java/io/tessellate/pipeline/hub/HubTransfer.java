package io.tessellate.pipeline.hub;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Requests to the Hub. Redirects are followed by hand: the digest of a large file stands on the first answer only, and the
 * token must not go to the host that holds the content.
 */
final class HubTransfer {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int REDIRECTS = 5;
    private static final int CHUNK = 1 << 16;
    private static final int PARTIAL = 206;
    private static final int REDIRECT = 300;
    private static final int BAD_REQUEST = 400;
    private static final int NO_SUCH_RANGE = 416;

    private final HubSettings settings;
    private final HttpClient client;

    HubTransfer(HubSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    /**
     * An answer after all redirects.
     *
     * @param response whose body must be closed
     * @param digest of the whole file, if the Hub gave one
     * @param size of the whole file, if the Hub gave one with the digest
     */
    record Answer(HttpResponse<InputStream> response, Optional<ContentDigest> digest, OptionalLong size) {}

    /** Asks for a path of the Hub, from a byte on. */
    Answer get(String path, long from) throws IOException {
        URI uri = URI.create(settings.endpoint() + path);
        Optional<ContentDigest> digest = Optional.empty();
        OptionalLong size = OptionalLong.empty();
        for (int redirects = 0; redirects <= REDIRECTS; redirects++) {
            HttpResponse<InputStream> response = send(uri, from);
            digest = digest.or(() -> digest(response));
            size = size.isPresent() ? size : response.headers().firstValueAsLong("X-Linked-Size");
            Optional<String> location = response.headers().firstValue("Location");
            boolean redirected = response.statusCode() >= REDIRECT && response.statusCode() < BAD_REQUEST;
            if (!redirected || location.isEmpty()) {
                return new Answer(response, digest, size);
            }
            response.body().close();
            uri = uri.resolve(location.get());
        }
        throw new IOException("more than %d redirects".formatted(REDIRECTS));
    }

    private static Optional<ContentDigest> digest(HttpResponse<?> response) {
        return response.headers()
                .firstValue("X-Linked-Etag")
                .or(() -> response.headers().firstValue("ETag"))
                .flatMap(ContentDigest::ofTag);
    }

    private HttpResponse<InputStream> send(URI uri, long from) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER).header("User-Agent", "tessellate");
        if (from > 0) {
            request.header("Range", "bytes=%d-".formatted(from));
        }
        if (settings.endpoint().getAuthority().equals(uri.getAuthority())) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "the download was interrupted", e);
        }
    }

    /** Whether the answer to a request from a byte on has nothing more to give. */
    static boolean isBeyondTheEnd(Answer answer) {
        return answer.response().statusCode() == NO_SUCH_RANGE;
    }

    /** Writes an answer's body to a file, behind what is there if the server kept to the range. */
    static void write(Answer answer, Path part, String name, HubProgress progress) throws IOException {
        boolean goesOn = answer.response().statusCode() == PARTIAL;
        long done = goesOn ? Files.size(part) : 0;
        OptionalLong rest = answer.response().headers().firstValueAsLong("Content-Length");
        long total = rest.isPresent() ? done + rest.getAsLong() : -1;
        StandardOpenOption where = goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try (InputStream in = answer.response().body();
                OutputStream out =
                        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, where)) {
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                put(out, chunk, read, part);
                done += read;
                progress.at(name, done, total);
            }
        }
        if (total >= 0 && done != total) {
            throw new IOException("the connection broke off after %d of %d bytes".formatted(done, total));
        }
    }

    /** A full disk is no reason to try again. */
    private static void put(OutputStream out, byte[] chunk, int length, Path part) {
        try {
            out.write(chunk, 0, length);
        } catch (IOException e) {
            throw new TessellateException(
                    ErrorCode.STORAGE, "%s cannot be written: %s".formatted(part, e.getMessage()), e);
        }
    }
}
