package io.tessellate.evaluator.view;

import io.tessellate.event.Alert;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The newest alerts: a fold over {@code alerts}. May be read and fed from different threads. */
public final class AlertBook {
    private static final int KEPT = 500;
    private static final Comparator<Alert> NEWEST_FIRST = Comparator.comparing(Alert::getAt)
            .reversed()
            .thenComparing(Alert::getModel)
            .thenComparing(Comparator.comparing(Alert::getVersion).reversed())
            .thenComparing(Alert::getMessage);

    private final TreeSet<Alert> alerts = new TreeSet<>(NEWEST_FIRST);
    private long revision;

    /** Takes an alert. */
    public synchronized void apply(Alert alert) {
        alerts.add(alert);
        if (alerts.size() > KEPT) {
            alerts.pollLast();
        }
        revision++;
    }

    /** The newest alerts of all models, newest first. */
    public synchronized List<Alert> alerts() {
        return List.copyOf(alerts);
    }

    /** A number that grows with every alert. */
    public synchronized long revision() {
        return revision;
    }
}
