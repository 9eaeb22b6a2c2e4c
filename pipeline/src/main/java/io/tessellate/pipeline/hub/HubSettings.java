package io.tessellate.pipeline.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the Hub is reached.
 *
 * @param endpoint its address without a slash at the end
 * @param token access token; needed for private and gated models only, and never sent to another host
 * @param cache directory under which models are kept
 * @param attempts times a transfer is tried, going on where it broke off
 * @param pause wait before the second attempt; doubles with every further one
 */
public record HubSettings(URI endpoint, Optional<String> token, Path cache, int attempts, Duration pause) {
    private static final String PUBLIC = "https://huggingface.co";
    private static final int ATTEMPTS = 5;

    /** The usual patience. */
    public static HubSettings of(Optional<String> endpoint, Optional<String> token, Path cache) {
        String address = endpoint.filter(text -> !text.isBlank()).orElse(PUBLIC);
        String trimmed = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        return new HubSettings(
                URI.create(trimmed), token.filter(text -> !text.isBlank()), cache, ATTEMPTS, Duration.ofSeconds(1));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "%s, cache %s, %s token".formatted(endpoint, cache, token.isPresent() ? "with" : "no");
    }
}
