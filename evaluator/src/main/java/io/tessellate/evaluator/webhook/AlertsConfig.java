package io.tessellate.evaluator.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.TextFile;
import io.tessellate.runtime.retry.Backoff;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configuration of sending alerts: keys below {@code tessellate.alerts}. */
@ConfigMapping(prefix = "tessellate.alerts")
public interface AlertsConfig {
    /** Endpoints by their names. */
    Map<String, Endpoint> webhooks();

    /** Address of the page as those see it who get the alerts, for links; default: that of this process. */
    Optional<String> page();

    /** How often an alert is tried before it is given up. */
    @WithDefault("12")
    int attempts();

    /** Pause after the first failure; each further one is twice as long. */
    @WithDefault("5s")
    Duration firstPause();

    /** The longest pause. */
    @WithDefault("1h")
    Duration longestPause();

    /** How long one attempt may take. */
    @WithDefault("15s")
    Duration timeout();

    /** An endpoint of Standard Webhooks. */
    interface Endpoint {
        /** Where it is. */
        String url();

        /** Its secret, whsec_ and base64; two with a space between them while it is changed. Better: secret-file. */
        Optional<String> secret();

        /** A file that holds it. */
        Optional<Path> secretFile();
    }

    /** The same as a value; INVALID_CONFIGURATION without a word of any secret. */
    default WebhookSettings settings() {
        return new WebhookSettings(
                webhooks().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> endpoint(entry.getKey(), entry.getValue()))
                        .toList(),
                page().map(address -> address.replaceAll("/+$", "")),
                backoff(),
                timeout());
    }

    private Backoff backoff() {
        if (firstPause().isNegative() || longestPause().compareTo(firstPause()) < 0 || attempts() < 1) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "tessellate.alerts needs attempts of 1 or more and pauses with the longest last: %d, %s, %s"
                            .formatted(attempts(), firstPause(), longestPause()));
        }
        return new Backoff(firstPause(), longestPause(), attempts());
    }

    private static Webhook endpoint(String name, Endpoint endpoint) {
        String key = "tessellate.alerts.webhooks." + name;
        String secrets = endpoint.secret().isPresent()
                ? endpoint.secret().get()
                : endpoint.secretFile().map(TextFile::read).orElse("");
        List<WebhookSecret> parsed = Arrays.stream(secrets.strip().split("\\s+"))
                .filter(text -> !text.isEmpty())
                .map(text -> WebhookSecret.parse(key, text))
                .toList();
        try {
            return new Webhook(name, new URI(endpoint.url()), parsed);
        } catch (URISyntaxException e) {
            // The address may hold a secret, and the exception shows it.
            throw new TessellateException(ErrorCode.INVALID_CONFIGURATION, key + ".url is no address");
        }
    }
}
