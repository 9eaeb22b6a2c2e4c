package io.tessellate.runtime.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.tessellate.runtime.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A log file that only its owner reads, with so many old ones beside it. Its size is looked at before every line, so that even a
 * program that does nothing but log cannot grow it beyond its limit.
 */
final class LogFile extends RollingFileAppender<ILoggingEvent> {
    static final long MEGABYTES = 20;
    static final int OLD_ONES = 5;

    LogFile(Context context, Path file, Encoder<ILoggingEvent> encoder, FileSize limit) {
        setContext(context);
        setFile(file.toString());
        setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(OLD_ONES);
        rolling.setParent(this);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(limit);
        trigger.setCheckIncrement(Duration.buildByMilliseconds(0));
        trigger.start();
        setTriggeringPolicy(trigger);
        setRollingPolicy(rolling);
    }

    @Override
    public void openFile(String name) throws IOException {
        OwnerOnly.file(Path.of(name));
        super.openFile(name);
    }
}
