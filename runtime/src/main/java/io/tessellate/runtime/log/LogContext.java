package io.tessellate.runtime.log;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.MDC;

/** Names of what a thread works on, on every line it logs, until closed. */
public final class LogContext implements AutoCloseable {
    private final Deque<MDC.MDCCloseable> entries = new ArrayDeque<>();

    private LogContext() {}

    /** A context with one name, for example {@code model}. */
    public static LogContext of(String key, Object value) {
        return new LogContext().and(key, value);
    }

    /** The same context with a further name. */
    public LogContext and(String key, Object value) {
        entries.push(MDC.putCloseable(key, value.toString()));
        return this;
    }

    @Override
    public void close() {
        entries.forEach(MDC.MDCCloseable::close);
    }
}
