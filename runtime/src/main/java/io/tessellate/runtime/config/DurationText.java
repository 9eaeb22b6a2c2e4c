package io.tessellate.runtime.config;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** Durations as people write them: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}, or ISO 8601. */
public final class DurationText implements Converter<Duration> {
    private static final long serialVersionUID = 1L;
    private static final Pattern SHORT = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

    /**
     * Reads a duration.
     *
     * @throws TessellateException INVALID_ARGUMENT if it is none
     */
    public static Duration parse(String text) {
        try {
            return read(text);
        } catch (IllegalArgumentException e) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, e.getMessage(), e);
        }
    }

    @Override
    public Duration convert(String text) {
        return read(text);
    }

    private static Duration read(String text) {
        Matcher matcher = SHORT.matcher(text.strip());
        if (!matcher.matches()) {
            try {
                return Duration.parse(text.strip());
            } catch (java.time.format.DateTimeParseException e) {
                throw new IllegalArgumentException("'%s' is no duration such as 500ms, 10s, 5m".formatted(text), e);
            }
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
