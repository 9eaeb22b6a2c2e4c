package io.tessellate.runtime.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that take long, as lines of JSON: {@code {"progress":...}} whenever there is some, at the end {@code {"result":...}} or
 * {@code {"error":{"code","message"}}}; empty lines between them only show that both ends are there. What fails before the first line
 * is a problem as everywhere. Of progress that is read more slowly than it comes some lines are left out; the last line says how many
 * ({@code "leftOut"}). The work has a thread of its own and is asked to stop as soon as whoever asked has gone, which an empty
 * line finds out within some seconds. So many are worked on at once and no more.
 */
public final class LineAnswer implements AutoCloseable {
    /** Media type of the answers. */
    public static final String MEDIA_TYPE = "application/x-ndjson; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(LineAnswer.class);
    private static final long BEAT_MILLIS = 1000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String name;
    private final int most;
    private final Semaphore places;
    private final Cancellation all = new Cancellation();

    /**
     * Answers of one kind.
     *
     * @param name what the work is called, for people
     * @param most how many are worked on at once
     */
    public LineAnswer(String name, int most) {
        this.name = name;
        this.most = most;
        this.places = new Semaphore(most);
    }

    /** Something that takes long. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it.
         *
         * @param progress takes what is known on the way, to be written as JSON
         * @param cancellation asked for when nobody waits any more
         * @return what is written as JSON at the end
         */
        Object run(Consumer<Object> progress, Cancellation cancellation);
    }

    /**
     * Answers a request with what the work comes to; returns when it has ended.
     *
     * @throws RetriableException QUEUE_FULL if too many are worked on
     */
    public void send(Context context, Work work) {
        if (!places.tryAcquire()) {
            throw new RetriableException(
                    ErrorCode.QUEUE_FULL, "%d %s are worked on already; ask again in a moment".formatted(most, name));
        }
        try (Cancellation cancellation = all.narrower()) {
            Running running = new Running(name, work, cancellation);
            running.thread.start();
            try {
                running.answer(context);
            } finally {
                cancellation.cancel();
                running.join();
            }
        } finally {
            places.release();
        }
    }

    /** Asks all work to stop. */
    @Override
    public void close() {
        all.cancel();
    }

    private record Progress(Object progress) {}

    private record Fault(String code, String message) {}

    /** The last line, as JSON. */
    private record Last(Map<String, Object> json) {
        /** @param leftOut lines of progress that whoever asked read too slowly for; not said where there are none */
        static Last of(String name, Object value, long leftOut) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put(name, value);
            if (leftOut > 0) {
                json.put("leftOut", leftOut);
            }
            return new Last(json);
        }
    }

    private static final class Running {
        private final WaitingLines lines = new WaitingLines();
        private final Thread thread;
        /** Why there is no result; written before the last line is put into the queue. */
        private volatile @Nullable TessellateException failure;

        Running(String name, Work work, Cancellation cancellation) {
            thread = new Thread(() -> lines.last(end(work, cancellation)), name);
            thread.setDaemon(true);
        }

        private Object end(Work work, Cancellation cancellation) {
            try {
                Object result = work.run(line -> lines.progress(new Progress(line)), cancellation);
                return Last.of("result", result, lines.leftOut());
            } catch (TessellateException e) {
                failure = e;
            } catch (RuntimeException | Error e) {
                LOG.error("work that somebody waits for has failed", e);
                failure = new TessellateException(ErrorCode.DEFECT, "internal error; the log has it", e);
            }
            Fault fault = new Fault(failure.code().name(), String.valueOf(failure.getMessage()));
            return Last.of("error", fault, lines.leftOut());
        }

        void answer(Context context) {
            try {
                Object first = next();
                if (first instanceof Last && failure != null) {
                    throw failure;
                }
                context.contentType(MEDIA_TYPE)
                        .header("Cache-Control", "no-store")
                        .header("X-Accel-Buffering", "no");
                write(context.res().getOutputStream(), first);
            } catch (IOException e) {
                LOG.info("whoever asked has gone, the work is stopped: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private @Nullable Object next() throws InterruptedException {
            return lines.next(BEAT_MILLIS);
        }

        private void write(OutputStream out, @Nullable Object first) throws IOException, InterruptedException {
            for (Object line = first; ; line = next()) {
                if (line != null) {
                    out.write(JSON.writeValueAsBytes(line instanceof Last last ? last.json() : line));
                }
                out.write('\n');
                out.flush();
                if (line instanceof Last) {
                    return;
                }
            }
        }

        /** The work looks at its cancellation between two passes; until it has ended, its place is taken. */
        void join() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                thread.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }
}
