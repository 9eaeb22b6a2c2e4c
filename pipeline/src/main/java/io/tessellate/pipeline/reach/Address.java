package io.tessellate.pipeline.reach;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.List;

/** A host and a port as people write them. */
record Address(String host, int port) {
    private static final int LARGEST_PORT = 65_535;

    /** The addresses of a list {@code host:port,...}. */
    static List<Address> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(Address::parse)
                .toList();
    }

    private static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = text.substring(0, Math.max(colon, 0))
                    .replaceFirst("^[A-Za-z_]+://", "")
                    .replaceAll("[\\[\\]]", "");
            if (!host.isEmpty() && port > 0 && port <= LARGEST_PORT) {
                return new Address(host, port);
            }
        } catch (NumberFormatException e) {
            throw malformed(text, e);
        }
        throw malformed(text, null);
    }

    private static TessellateException malformed(String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new TessellateException(
                ErrorCode.INVALID_CONFIGURATION,
                "tessellate.bootstrap-servers must be HOST:PORT, several separated by commas, not '%s'".formatted(text),
                cause);
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[%s]:%d".formatted(host, port) : host + ":" + port;
    }
}
