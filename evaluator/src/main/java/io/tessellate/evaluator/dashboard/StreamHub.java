package io.tessellate.evaluator.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server-sent events: a new client gets every section, and from then on each section again when it has changed. How
 * often the folds change does not matter; a section goes out at most once per period, to all clients the same bytes.
 */
final class StreamHub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final int QUIET_ROUNDS = 60;

    private final ObjectMapper json = JsonMapper.builder().build();
    private final DashboardState state;
    /** What each client was sent last, by section. Filled and read by the timer's thread; clients may leave any time. */
    private final Map<SseClient, Map<String, Long>> clients = new ConcurrentHashMap<>();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(StreamHub::thread);
    private int quiet;

    StreamHub(DashboardState state) {
        this.state = state;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "dashboard-stream");
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        timer.scheduleAtFixedRate(this::round, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes a new client. */
    void join(SseClient client) {
        client.keepAlive();
        client.onClose(() -> clients.remove(client));
        timer.execute(() -> {
            clients.put(client, new HashMap<>());
            round();
        });
    }

    private void round() {
        try {
            boolean changed = false;
            for (Section section : state.sections()) {
                changed |= sendIfChanged(section);
            }
            heartbeat(changed);
        } catch (RuntimeException e) {
            LOG.error("A round of the dashboard's stream failed", e);
        }
    }

    private boolean sendIfChanged(Section section) {
        Long revision = section.revision().getAsLong();
        List<SseClient> behind = clients.entrySet().stream()
                .filter(entry -> !revision.equals(entry.getValue().put(section.name(), revision)))
                .map(Map.Entry::getKey)
                .toList();
        if (behind.isEmpty()) {
            return false;
        }
        String content = encode(section);
        behind.forEach(client -> client.sendEvent(section.name(), content));
        return true;
    }

    /** A comment now and then keeps proxies from closing a quiet stream and finds clients that are gone. */
    private void heartbeat(boolean changed) {
        quiet = changed ? 0 : quiet + 1;
        if (quiet >= QUIET_ROUNDS) {
            quiet = 0;
            clients.keySet().forEach(client -> client.sendComment("still here"));
        }
    }

    private String encode(Section section) {
        try {
            return json.writeValueAsString(section.content().get());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("section " + section.name() + " cannot be written as JSON", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        clients.keySet().forEach(SseClient::close);
        clients.clear();
    }
}
