package io.tessellate.evaluator.webhook;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An endpoint that alerts are sent to. Its address may hold a secret, too, so people are shown its name only.
 *
 * @param name as the configuration and people call it
 * @param url where it is
 * @param secrets that sign; more than one while they are changed
 */
public record Webhook(String name, URI url, List<WebhookSecret> secrets) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");

    /** Refuses what cannot be an endpoint. */
    public Webhook {
        secrets = List.copyOf(secrets);
        if (!NAME.matcher(name).matches()) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "tessellate.alerts.webhooks: the name '%s' must be of a-z, 0-9 and '-', at most 41"
                            .formatted(name));
        }
        boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!web || url.getHost() == null) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "tessellate.alerts.webhooks.%s.url must be an http or https address with a host".formatted(name));
        }
        if (secrets.isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "tessellate.alerts.webhooks.%s needs a secret or a secret-file".formatted(name));
        }
    }

    /** The headers of one attempt, as the specification of Standard Webhooks has them. */
    public Map<String, String> headers(String id, Instant at, String body) {
        return Map.of(
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(at.getEpochSecond()),
                "webhook-signature",
                secrets.stream().map(secret -> secret.signature(id, at, body)).collect(Collectors.joining(" ")));
    }

    /** Its name only. */
    @Override
    public String toString() {
        return "webhook " + name;
    }
}
