package io.tessellate.runtime.http;

import io.tessellate.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where a server listens, whom it lets write, and under which names it answers.
 *
 * @param host address to bind; 127.0.0.1 unless told otherwise
 * @param port port to bind; 0 takes a free one
 * @param token what mutating requests must carry as {@code Authorization: Bearer <token>}; empty: mutating routes are
 *     refused altogether
 * @param maxRequestBytes longest accepted request body
 * @param hosts names beside localhost and its addresses under which it may be asked; {@code *} stands for any
 */
public record HttpSettings(String host, int port, Optional<String> token, long maxRequestBytes, List<String> hosts) {
    private static final long MEGABYTE = 1L << 20;
    private static final int NAME_DIGITS = 8;

    public HttpSettings {
        hosts = List.copyOf(hosts);
    }

    /** A server that answers under the names of the machine itself only. */
    public HttpSettings(String host, int port, Optional<String> token, long maxRequestBytes) {
        this(host, port, token, maxRequestBytes, List.of());
    }

    /** A local server that nobody may write to. */
    public static HttpSettings local(int port) {
        return new HttpSettings("127.0.0.1", port, Optional.empty(), MEGABYTE);
    }

    /** What the token is called where it stands beside what was done with it: a few digits of its digest, which say nothing else of it. */
    Optional<String> tokenName() {
        return token.map(secret -> "token "
                + Sha256.of(secret.getBytes(StandardCharsets.UTF_8)).hex().substring(0, NAME_DIGITS));
    }

    /** The same on another address. */
    public HttpSettings withHost(String address) {
        return new HttpSettings(address, port, token, maxRequestBytes, hosts);
    }

    /** The same with a token for mutating routes. */
    public HttpSettings withToken(String secret) {
        return new HttpSettings(host, port, Optional.of(secret), maxRequestBytes, hosts);
    }

    /** The same under further names. */
    public HttpSettings withHosts(Collection<String> names) {
        return new HttpSettings(host, port, token, maxRequestBytes, List.copyOf(names));
    }
}
