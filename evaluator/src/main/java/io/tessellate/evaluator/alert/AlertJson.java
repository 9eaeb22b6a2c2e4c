package io.tessellate.evaluator.alert;

import io.tessellate.id.TaskName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert as pages and scripts read it.
 *
 * @param link where the page shows it, below the page's address
 * @param state {@code open}, {@code acknowledged} or {@code silenced}
 * @param acknowledged who looks after it; null while nobody does
 * @param silenced what keeps it from being sent; null if nothing does
 * @param deliveries how its sending ended, endpoint by endpoint
 */
public record AlertJson(
        String id,
        AlertKind kind,
        @Nullable String model,
        int version,
        String severity,
        String code,
        @Nullable String task,
        @Nullable String view,
        @Nullable Double value,
        @Nullable Double limit,
        String message,
        String link,
        String at,
        String state,
        @Nullable ActJson acknowledged,
        @Nullable SilenceJson silenced,
        List<DeliveryJson> deliveries) {
    /** Who did something, why and when. */
    public record ActJson(String who, String why, String at) {}

    /**
     * How a sending ended.
     *
     * @param body what was to be sent, of what was given up
     */
    public record DeliveryJson(
            String endpoint,
            Delivery.Outcome outcome,
            int attempts,
            @Nullable Integer status,
            String reason,
            @Nullable String body,
            String at) {
        static DeliveryJson of(Delivery delivery) {
            return new DeliveryJson(
                    delivery.endpoint(),
                    delivery.outcome(),
                    delivery.attempts(),
                    delivery.status(),
                    delivery.reason(),
                    delivery.body(),
                    delivery.at().toString());
        }
    }

    /** A silence. */
    public record SilenceJson(
            String id,
            @Nullable String model,
            @Nullable String task,
            @Nullable AlertKind kind,
            String from,
            String until,
            String who,
            String why) {
        /** A silence as pages and scripts read it. */
        public static SilenceJson of(Silence silence) {
            Silence.Scope scope = silence.scope();
            return new SilenceJson(
                    silence.id(),
                    scope.model() == null ? null : scope.model().value(),
                    text(scope.task()),
                    scope.kind(),
                    silence.from().toString(),
                    silence.until().toString(),
                    silence.who(),
                    silence.why());
        }
    }

    /** An alert as pages and scripts read it. */
    public static AlertJson of(ListedAlert listed) {
        RaisedAlert alert = listed.alert();
        Acknowledgement known = listed.acknowledged();
        return new AlertJson(
                alert.id(),
                alert.kind(),
                alert.model() == null ? null : alert.model().value(),
                alert.version(),
                alert.severity(),
                alert.code(),
                text(alert.task()),
                alert.view() == null ? null : alert.view().label(),
                alert.value(),
                alert.limit(),
                alert.message(),
                alert.link(),
                alert.at().toString(),
                listed.state(),
                known == null
                        ? null
                        : new ActJson(known.who(), known.why(), known.at().toString()),
                listed.silenced() == null ? null : SilenceJson.of(listed.silenced()),
                listed.deliveries().stream().map(DeliveryJson::of).toList());
    }

    private static @Nullable String text(@Nullable TaskName task) {
        return task == null ? null : task.value();
    }
}
