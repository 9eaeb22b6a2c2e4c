package io.tessellate.runtime.http;

import java.util.Optional;

/**
 * Where a server listens and whom it lets write.
 *
 * @param host address to bind; 127.0.0.1 unless told otherwise
 * @param port port to bind; 0 takes a free one
 * @param token what mutating requests must carry as {@code Authorization: Bearer <token>}; empty: mutating routes are
 *     refused altogether
 * @param maxRequestBytes longest accepted request body
 */
public record HttpSettings(String host, int port, Optional<String> token, long maxRequestBytes) {
    private static final long MEGABYTE = 1L << 20;

    /** A local server that nobody may write to. */
    public static HttpSettings local(int port) {
        return new HttpSettings("127.0.0.1", port, Optional.empty(), MEGABYTE);
    }

    /** The same on another address. */
    public HttpSettings withHost(String address) {
        return new HttpSettings(address, port, token, maxRequestBytes);
    }

    /** The same with a token for mutating routes. */
    public HttpSettings withToken(String secret) {
        return new HttpSettings(host, port, Optional.of(secret), maxRequestBytes);
    }
}
