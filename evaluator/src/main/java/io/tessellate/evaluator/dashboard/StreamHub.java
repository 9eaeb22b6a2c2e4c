package io.tessellate.evaluator.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server-sent events: a new client gets every section, and from then on each section again when it has changed. How
 * often the folds change does not matter; a section goes out at most once per period, to all clients the same bytes.
 *
 * <p>Each client is served by the thread of its own request, which ends with it: a client that does not read holds up nobody, and
 * is given up when the connection's idle time is over. So many are served at once and no more.
 */
final class StreamHub implements AutoCloseable {
    static final int MOST_CLIENTS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final int QUIET_ROUNDS = 60;
    private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(UTF_8);

    private final ObjectMapper json = JsonMapper.builder().build();
    private final DashboardState state;
    private final Semaphore places = new Semaphore(MOST_CLIENTS);
    private final Map<String, Encoded> encoded = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A section as it goes out, at one revision. */
    private record Encoded(long revision, byte[] bytes) {}

    StreamHub(DashboardState state) {
        this.state = state;
    }

    /** Serves a client until it goes away or the hub is closed; RetriableException if there are too many already. */
    void serve(Context context) {
        if (!places.tryAcquire()) {
            throw new RetriableException(
                    ErrorCode.NOT_READY, "%d pages read the stream already; close one".formatted(MOST_CLIENTS));
        }
        try {
            context.contentType("text/event-stream; charset=utf-8")
                    .header("Cache-Control", "no-cache, no-store")
                    .header("X-Accel-Buffering", "no");
            stream(context.res().getOutputStream());
        } catch (IOException e) {
            LOG.debug("A page has gone: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    /** How many clients are being served. */
    int clients() {
        return MOST_CLIENTS - places.availablePermits();
    }

    private void stream(OutputStream out) throws IOException, InterruptedException {
        Map<String, Long> sent = new HashMap<>();
        int quiet = 0;
        do {
            quiet = sendChanges(out, sent) ? 0 : quiet + 1;
            if (quiet >= QUIET_ROUNDS) {
                // Keeps proxies from closing a quiet stream and finds clients that are gone.
                out.write(HEARTBEAT);
                out.flush();
                quiet = 0;
            }
        } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    }

    private boolean sendChanges(OutputStream out, Map<String, Long> sent) throws IOException {
        boolean changed = false;
        for (PageSection section : state.sections()) {
            Long revision = section.revision().getAsLong();
            if (!revision.equals(sent.put(section.name(), revision))) {
                out.write(event(section, revision));
                changed = true;
            }
        }
        if (changed) {
            out.flush();
        }
        return changed;
    }

    private byte[] event(PageSection section, long revision) {
        synchronized (encoded) {
            Encoded known = encoded.get(section.name());
            if (known == null || known.revision() != revision) {
                known = new Encoded(revision, encode(section));
                encoded.put(section.name(), known);
            }
            return known.bytes();
        }
    }

    private byte[] encode(PageSection section) {
        try {
            return "event: %s\ndata: %s\n\n"
                    .formatted(
                            section.name(),
                            json.writeValueAsString(section.content().get()))
                    .getBytes(UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("section " + section.name() + " cannot be written as JSON", e);
        }
    }

    /** Ends all streams at their next turn; done again it does nothing. */
    @Override
    public void close() {
        closed.countDown();
    }
}
