package io.tessellate.evaluator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.evaluator.webhook.Webhook;
import io.tessellate.evaluator.webhook.WebhookSender;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Posts by HTTP. Redirects are not followed: what was signed for one address is not for another. */
public final class HttpSender implements WebhookSender {
    private final HttpClient client;
    private final Duration timeout;

    /**
     * A sender.
     *
     * @param timeout of one attempt as a whole
     */
    public HttpSender(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public CompletableFuture<Answer> post(Webhook endpoint, Map<String, String> headers, String body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.url())
                    .timeout(timeout)
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "Tessellate")
                    .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8));
            headers.forEach(request::header);
            return client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                    .thenApply(response -> new Answer(response.statusCode(), ""))
                    .completeOnTimeout(late(), timeout.toMillis() + 1000, TimeUnit.MILLISECONDS)
                    .exceptionally(HttpSender::problem);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(problem(e));
        }
    }

    private Answer late() {
        return new Answer(0, "no answer within " + timeout);
    }

    /** By the kind of exception alone: its message may hold the address, and that may hold a secret. */
    private static Answer problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Answer(0, "no answer: " + cause.getClass().getSimpleName());
    }
}
