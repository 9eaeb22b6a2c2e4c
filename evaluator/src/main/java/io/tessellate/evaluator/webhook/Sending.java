package io.tessellate.evaluator.webhook;

import io.tessellate.evaluator.alert.Acknowledgement;
import io.tessellate.evaluator.alert.AlertBook;
import io.tessellate.evaluator.alert.Delivery;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.alert.Silence;
import io.tessellate.evaluator.webhook.WebhookSender.Answer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One alert on its way to one endpoint. For one thread. */
final class Sending {
    private final RaisedAlert alert;
    private final Webhook endpoint;
    private final String body;
    private int attempts;
    private Instant due = Instant.MIN;
    private @Nullable CompletableFuture<Answer> underway;
    private @Nullable Answer last;

    Sending(RaisedAlert alert, Webhook endpoint, String page) {
        this.alert = alert;
        this.endpoint = endpoint;
        this.body = WebhookBody.of(alert, page);
    }

    /** Why it has not arrived yet; empty before the first attempt has ended. */
    Optional<String> trouble() {
        return Optional.ofNullable(last).map(Answer::text);
    }

    boolean isUnderway() {
        return underway != null;
    }

    boolean isDue(Instant now) {
        return underway == null && !now.isBefore(due);
    }

    /** What makes sending it needless, if anything does. */
    Optional<Delivery> needless(AlertBook book, Instant now) {
        Optional<Acknowledgement> known = book.acknowledgement(alert.id());
        if (known.isPresent()) {
            return Optional.of(ended(
                    Delivery.Outcome.ACKNOWLEDGED,
                    "acknowledged by " + known.get().who(),
                    null,
                    now));
        }
        Optional<Silence> silence = book.silence(alert, now);
        return silence.map(by ->
                ended(Delivery.Outcome.SILENCED, "silenced by %s until %s".formatted(by.who(), by.until()), null, now));
    }

    /** Begins an attempt, with the time and the signature of now. */
    void attempt(WebhookSender sender, Instant now) {
        attempts++;
        underway = sender.post(endpoint, endpoint.headers(alert.id(), now, body), body);
    }

    /** How it ended, once it has; an attempt that failed is followed by a pause. */
    Optional<Delivery> settle(WebhookSettings settings, Instant now) {
        CompletableFuture<Answer> current = underway;
        if (current == null || !current.isDone()) {
            return Optional.empty();
        }
        Answer answer = current.join();
        underway = null;
        last = answer;
        if (answer.taken()) {
            return Optional.of(ended(Delivery.Outcome.DELIVERED, "", null, now));
        }
        if (answer.gone() || attempts >= settings.backoff().attempts()) {
            return Optional.of(ended(Delivery.Outcome.GIVEN_UP, answer.text(), body, now));
        }
        due = now.plus(settings.backoff().after(attempts));
        return Optional.empty();
    }

    private Delivery ended(Delivery.Outcome outcome, String reason, @Nullable String kept, Instant now) {
        Integer status = last == null || last.status() == 0 ? null : last.status();
        return new Delivery(alert.id(), endpoint.name(), outcome, attempts, status, reason, kept, now);
    }
}
