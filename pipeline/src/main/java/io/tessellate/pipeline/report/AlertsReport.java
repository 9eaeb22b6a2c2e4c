package io.tessellate.pipeline.report;

import io.tessellate.evaluator.alert.Acknowledgement;
import io.tessellate.evaluator.alert.AlertJson;
import io.tessellate.evaluator.alert.Delivery;
import io.tessellate.evaluator.alert.ListedAlert;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.alert.Silence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Alerts with what became of them, newest first.
 *
 * @param silences those that last
 */
record AlertsReport(List<ListedAlert> alerts, List<Silence> silences) implements Report {
    /** Copies the lists. */
    AlertsReport {
        alerts = List.copyOf(alerts);
        silences = List.copyOf(silences);
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("alerts", alerts.stream().map(AlertJson::of).toList());
        json.put("silences", silences.stream().map(AlertJson.SilenceJson::of).toList());
        return json;
    }

    @Override
    public String text() {
        return (alerts.isEmpty() ? "no alerts\n" : table()) + silenceLines();
    }

    private String table() {
        TextTable table = new TextTable("id", "when", "severity", "kind", "about", "state", "sent", "");
        for (ListedAlert listed : alerts) {
            RaisedAlert alert = listed.alert();
            table.row(
                    alert.id(),
                    alert.at().toString(),
                    alert.severity().toLowerCase(java.util.Locale.ROOT),
                    alert.kind().label(),
                    alert.subject(),
                    state(listed),
                    sent(listed),
                    alert.code() + ": " + alert.message());
        }
        return table + givenUp();
    }

    /** What can be done about what some endpoint never took. */
    private String givenUp() {
        boolean any = alerts.stream()
                .flatMap(listed -> listed.deliveries().stream())
                .anyMatch(delivery -> delivery.outcome() == Delivery.Outcome.GIVEN_UP);
        return any
                ? "given up is not sent again: see to the endpoint; what it should have heard is the 'body' of --output json,"
                        + " to be posted by hand with the alert's id as webhook-id\n"
                : "";
    }

    private static String state(ListedAlert listed) {
        Acknowledgement known = listed.acknowledged();
        return known == null ? listed.state() : "%s by %s".formatted(listed.state(), known.who());
    }

    private static String sent(ListedAlert listed) {
        List<String> ends = new ArrayList<>();
        for (Delivery delivery : listed.deliveries()) {
            String detail = delivery.outcome() == Delivery.Outcome.GIVEN_UP
                    ? " after %d: %s".formatted(delivery.attempts(), delivery.reason())
                    : "";
            ends.add("%s %s%s".formatted(delivery.endpoint(), delivery.outcome().label(), detail));
        }
        return ends.isEmpty() ? "-" : String.join("; ", ends);
    }

    private String silenceLines() {
        return silences.stream()
                .map(silence -> "%s: %s until %s, by %s%s%n"
                        .formatted(
                                silence.id(),
                                silence.scope().text(),
                                silence.until(),
                                silence.who(),
                                silence.why().isEmpty() ? "" : ": " + silence.why()))
                .collect(Collectors.joining());
    }
}
