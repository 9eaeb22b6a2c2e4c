package io.tessellate.runtime.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets the same line through so many times within a span of time, then holds it back and says how many there were: a loop that
 * logs in every turn must not fill a disk. The same line has the same logger, level, pattern and kind of failure.
 */
final class Repetitions extends Filter<ILoggingEvent> {
    static final int LIMIT = 100;
    static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int REMEMBERED = 2000;

    private final LongSupplier nanos;
    private final Consumer<String> summary;
    private final Map<Line, Count> counts = new HashMap<>();

    private record Line(String logger, Level level, String pattern, String failure) {}

    private static final class Count {
        private long begin;
        private long seen;
    }

    /**
     * A filter that lets everything through at first.
     *
     * @param summary told what was held back, once per span
     */
    Repetitions(LongSupplier nanos, Consumer<String> summary) {
        this.nanos = nanos;
        this.summary = summary;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        long heldBack;
        FilterReply reply;
        synchronized (counts) {
            if (counts.size() > REMEMBERED) {
                counts.clear();
            }
            Count count = counts.computeIfAbsent(line(event), line -> fresh());
            heldBack = nanos.getAsLong() - count.begin > SPAN_NANOS ? restart(count) : 0;
            reply = ++count.seen > LIMIT ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
        if (heldBack > 0) {
            summary.accept(
                    "%d more lines of %s like the next one were held back".formatted(heldBack, event.getLoggerName()));
        }
        return reply;
    }

    private Count fresh() {
        Count count = new Count();
        count.begin = nanos.getAsLong();
        return count;
    }

    /** Begins the next span; how many lines the last one held back. */
    private long restart(Count count) {
        long heldBack = Math.max(0, count.seen - LIMIT);
        count.begin = nanos.getAsLong();
        count.seen = 0;
        return heldBack;
    }

    private static Line line(ILoggingEvent event) {
        return new Line(
                event.getLoggerName(),
                event.getLevel(),
                String.valueOf(event.getMessage()),
                event.getThrowableProxy() == null
                        ? ""
                        : event.getThrowableProxy().getClassName());
    }
}
