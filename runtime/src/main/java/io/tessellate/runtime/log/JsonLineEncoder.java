package io.tessellate.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tessellate.error.Printable;

/** One JSON object a line. What JSON need not escape but a terminal should not see is escaped too, as JSON does it. */
final class JsonLineEncoder extends JsonEncoder {
    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = new String(super.encode(event), UTF_8).stripTrailing();
        return (Printable.line(line) + "\n").getBytes(UTF_8);
    }
}
