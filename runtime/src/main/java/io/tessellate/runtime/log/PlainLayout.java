package io.tessellate.runtime.log;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import io.tessellate.error.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * A line for people: time, level, thread, logger, what is worked on, message; then the failure, if there is one. Text out of data
 * stays within its line, so that no record can forge another or paint a terminal.
 */
final class PlainLayout extends LayoutBase<ILoggingEvent> {
    private static final int NAME = 36;
    private static final int THREAD = 24;
    private static final int DEEPEST_CAUSE = 20;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    private final TargetLengthBasedClassNameAbbreviator names = new TargetLengthBasedClassNameAbbreviator(NAME);

    @Override
    public String doLayout(ILoggingEvent event) {
        Map<String, String> context = event.getMDCPropertyMap();
        StringBuilder line = new StringBuilder(256)
                .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(ZoneId.systemDefault())))
                .append(String.format(Locale.ROOT, " %-5s ", event.getLevel()))
                .append(column(event.getThreadName(), THREAD))
                .append(' ')
                .append(column(names.abbreviate(event.getLoggerName()), NAME))
                .append(" [")
                .append(Printable.line(context.getOrDefault("model", "")))
                .append('/')
                .append(Printable.line(context.getOrDefault("task", "")))
                .append(' ')
                .append(Printable.line(context.getOrDefault("run", "")))
                .append("] ")
                .append(Printable.line(String.valueOf(event.getFormattedMessage())))
                .append('\n');
        append(line, event.getThrowableProxy(), "", 0);
        return line.toString();
    }

    /** The last characters of a text, filled up with blanks. */
    private static String column(String text, int width) {
        String printable = Printable.line(text);
        String end = printable.substring(Math.max(0, printable.length() - width));
        return end + " ".repeat(width - end.length());
    }

    private static void append(StringBuilder text, IThrowableProxy failure, String prefix, int depth) {
        if (failure == null || depth > DEEPEST_CAUSE) {
            return;
        }
        text.append(prefix).append(failure.getClassName());
        if (failure.getMessage() != null) {
            text.append(": ").append(Printable.line(failure.getMessage()));
        }
        text.append('\n');
        StackTraceElementProxy[] frames = failure.getStackTraceElementProxyArray();
        int own = frames.length - failure.getCommonFrames();
        for (int i = 0; i < own; i++) {
            text.append('\t').append(frames[i].getSTEAsString()).append('\n');
        }
        if (failure.getCommonFrames() > 0) {
            text.append("\t... ").append(failure.getCommonFrames()).append(" common frames omitted\n");
        }
        for (IThrowableProxy suppressed : failure.getSuppressed()) {
            append(text, suppressed, "Suppressed: ", depth + 1);
        }
        append(text, failure.getCause(), "Caused by: ", depth + 1);
    }
}
