package io.tessellate.evaluator.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.topic.DeadLetterHeader;
import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as somebody looks at it.
 *
 * @param code code of the error table
 * @param reason why it was put aside, cut
 * @param source topic, partition and offset it was read from
 * @param content its first bytes as text, with a dot for what is none
 * @param bytes all of its bytes
 */
public record DeadLetterSample(String code, String reason, String source, String content, int bytes) {
    private static final int SHOWN = 400;
    private static final int FIRST_LETTER = 0x20;
    private static final String UNKNOWN = "UNKNOWN";

    /** A record of {@code dead-letters}. */
    static DeadLetterSample of(Headers headers, byte @Nullable [] value) {
        byte[] bytes = value == null ? new byte[0] : value;
        String source = "%s, partition %s, offset %s"
                .formatted(
                        DeadLetterHeader.TOPIC.in(headers).orElse("?"),
                        DeadLetterHeader.PARTITION.in(headers).orElse("?"),
                        DeadLetterHeader.OFFSET.in(headers).orElse("?"));
        return new DeadLetterSample(
                DeadLetterHeader.CODE.in(headers).orElse(UNKNOWN),
                cut(DeadLetterHeader.REASON.in(headers).orElse("")),
                source,
                shown(bytes),
                bytes.length);
    }

    private static String shown(byte[] bytes) {
        String text = new String(Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN)), UTF_8);
        return text.codePoints()
                .map(c -> c < FIRST_LETTER || c == 0x7F || c == 0xFFFD ? '\u00B7' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
