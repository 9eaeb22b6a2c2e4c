package io.tessellate.runtime.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up logging for a launchable program, replacing whatever was set up before. */
public final class Logging {
    private static final Map<String, Level> QUIET = Map.of(
            "org.apache.kafka", Level.WARN,
            "kafka", Level.WARN,
            "state.change.logger", Level.WARN,
            "kafka.utils.CoreUtils$", Level.ERROR,
            "org.nd4j", Level.WARN,
            "ai.djl", Level.WARN,
            "org.eclipse.jetty", Level.WARN,
            "io.javalin", Level.WARN,
            "io.confluent", Level.WARN);

    /** How a line looks. */
    public enum Format {
        /** For people. */
        PLAIN,
        /** One JSON object a line. */
        JSON
    }

    private Logging() {}

    /** Everything goes to a file of the owner's, 20 MB at most, five old ones kept; nothing to the terminal. */
    public static void toFile(Path file, Format format) {
        log(fresh(), file, format, new FileSize(LogFile.MEGABYTES << 20));
    }

    static void log(LoggerContext context, Path file, Format format, FileSize limit) {
        use(context, file(context, file, format, limit));
    }

    static LogFile file(LoggerContext context, Path file, Format format, FileSize limit) {
        return new LogFile(context, file, encoder(context, format), limit);
    }

    /** Everything goes to standard output, as containers want it. */
    public static void toConsole(Format format) {
        LoggerContext context = fresh();
        OutputStreamAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder(context, format));
        use(context, appender);
    }

    private static LoggerContext fresh() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        return context;
    }

    private static void use(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
        Logger own = context.getLogger(Logging.class);
        Repetitions repetitions = new Repetitions(System::nanoTime, own::warn);
        repetitions.setContext(context);
        repetitions.start();
        appender.addFilter(repetitions);
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        QUIET.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
        return switch (format) {
            case PLAIN -> plain(context);
            case JSON -> json(context);
        };
    }

    private static Encoder<ILoggingEvent> plain(LoggerContext context) {
        PlainLayout layout = new PlainLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonLineEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.start();
        return encoder;
    }
}
