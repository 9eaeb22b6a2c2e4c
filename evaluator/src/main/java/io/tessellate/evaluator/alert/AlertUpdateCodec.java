package io.tessellate.evaluator.alert;

import io.tessellate.event.AlertAcknowledged;
import io.tessellate.event.AlertDelivery;
import io.tessellate.event.AlertUpdate;
import io.tessellate.event.AlertsSilenced;
import io.tessellate.event.DeliveryOutcome;
import io.tessellate.event.SilenceLifted;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Author;
import java.time.Instant;
import java.util.Objects;

/** What becomes of alerts, between the book and {@code alert-updates}. */
public final class AlertUpdateCodec {
    private AlertUpdateCodec() {}

    static AlertUpdate acknowledged(String update, String alert, Author author, Instant at) {
        return by(update, author, at)
                .setAcknowledged(new AlertAcknowledged(alert))
                .build();
    }

    static AlertUpdate silenced(Silence silence) {
        Silence.Scope scope = silence.scope();
        return by(silence.id(), new Author(silence.who(), silence.why()), silence.from())
                .setSilenced(AlertsSilenced.newBuilder()
                        .setModel(scope.model() == null ? null : scope.model().value())
                        .setTask(scope.task() == null ? null : scope.task().value())
                        .setKind(scope.kind() == null ? null : scope.kind().label())
                        .setUntil(silence.until())
                        .build())
                .build();
    }

    static AlertUpdate lifted(String update, String silence, Author author, Instant at) {
        return by(update, author, at).setLifted(new SilenceLifted(silence)).build();
    }

    /** The end of a sending. */
    public static AlertUpdate delivery(String update, Delivery delivery) {
        return by(update, new Author(delivery.endpoint(), delivery.reason()), delivery.at())
                .setDelivery(AlertDelivery.newBuilder()
                        .setAlert(delivery.alert())
                        .setEndpoint(delivery.endpoint())
                        .setOutcome(outcome(delivery.outcome()))
                        .setAttempts(delivery.attempts())
                        .setStatus(delivery.status())
                        .setBody(delivery.body())
                        .build())
                .build();
    }

    private static AlertUpdate.Builder by(String update, Author author, Instant at) {
        return AlertUpdate.newBuilder()
                .setUpdateId(update)
                .setWho(author.who())
                .setWhy(author.why())
                .setAt(at);
    }

    /** Tells a book what an update says. */
    public static void tell(AlertUpdate update, AlertBook book) {
        AlertAcknowledged acknowledged = update.getAcknowledged();
        AlertDelivery delivery = update.getDelivery();
        if (acknowledged != null) {
            book.apply(new Acknowledgement(acknowledged.getAlert(), update.getWho(), update.getWhy(), update.getAt()));
        } else if (update.getSilenced() != null) {
            book.apply(silence(update, update.getSilenced()));
        } else if (update.getLifted() != null) {
            book.lift(update.getLifted().getSilence(), update.getAt());
        } else {
            book.apply(delivery(update, Objects.requireNonNull(delivery)));
        }
    }

    private static Silence silence(AlertUpdate update, AlertsSilenced silenced) {
        return new Silence(
                update.getUpdateId(),
                new Silence.Scope(
                        silenced.getModel() == null ? null : new ModelName(silenced.getModel()),
                        silenced.getTask() == null ? null : new TaskName(silenced.getTask()),
                        silenced.getKind() == null ? null : AlertKind.parse(silenced.getKind())),
                update.getAt(),
                silenced.getUntil(),
                update.getWho(),
                update.getWhy());
    }

    private static Delivery delivery(AlertUpdate update, AlertDelivery ended) {
        return new Delivery(
                ended.getAlert(),
                ended.getEndpoint(),
                outcome(ended.getOutcome()),
                ended.getAttempts(),
                ended.getStatus(),
                update.getWhy(),
                ended.getBody(),
                update.getAt());
    }

    private static DeliveryOutcome outcome(Delivery.Outcome outcome) {
        return switch (outcome) {
            case DELIVERED -> DeliveryOutcome.DELIVERED;
            case GIVEN_UP -> DeliveryOutcome.GIVEN_UP;
            case SILENCED -> DeliveryOutcome.SILENCED;
            case ACKNOWLEDGED -> DeliveryOutcome.ACKNOWLEDGED;
        };
    }

    private static Delivery.Outcome outcome(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DELIVERED -> Delivery.Outcome.DELIVERED;
            case GIVEN_UP -> Delivery.Outcome.GIVEN_UP;
            case SILENCED -> Delivery.Outcome.SILENCED;
            case ACKNOWLEDGED -> Delivery.Outcome.ACKNOWLEDGED;
        };
    }
}
