package io.tessellate.evaluator.webhook;

import io.tessellate.runtime.retry.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where alerts are sent, and how patiently.
 *
 * @param endpoints each by itself
 * @param page address of the page, for links; empty: that of this process
 * @param backoff pauses between attempts, and after how many an alert is given up
 * @param timeout of one attempt
 */
public record WebhookSettings(List<Webhook> endpoints, Optional<String> page, Backoff backoff, Duration timeout) {
    /** Nowhere. */
    public static final WebhookSettings NONE =
            new WebhookSettings(List.of(), Optional.empty(), Backoff.none(), Duration.ofSeconds(15));

    /** Copies the list. */
    public WebhookSettings {
        endpoints = List.copyOf(endpoints);
    }

    /** The same with the address of the page where none was configured. */
    public WebhookSettings withPage(String address) {
        return page.isPresent() ? this : new WebhookSettings(endpoints, Optional.of(address), backoff, timeout);
    }
}
