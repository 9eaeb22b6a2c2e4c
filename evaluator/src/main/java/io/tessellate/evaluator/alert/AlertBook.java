package io.tessellate.evaluator.alert;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The newest alerts with what became of them: a fold over {@code alerts} and {@code alert-updates}, which may come in any order
 * relative to each other. May be read and fed from different threads.
 */
public final class AlertBook {
    private static final int KEPT = 500;
    /** Of more alerts than these nobody asks what became of them. */
    private static final int REMEMBERED = 10_000;

    private static final Comparator<RaisedAlert> NEWEST_FIRST = Comparator.comparing(RaisedAlert::at)
            .reversed()
            .thenComparing(RaisedAlert::modelName)
            .thenComparing(Comparator.comparing(RaisedAlert::version).reversed())
            .thenComparing(RaisedAlert::message)
            .thenComparing(RaisedAlert::id);

    private final TreeSet<RaisedAlert> newest = new TreeSet<>(NEWEST_FIRST);
    private final Map<String, RaisedAlert> byId = new HashMap<>();
    private final Map<String, Acknowledgement> acknowledgements = new Remembered<>();
    private final Map<String, Silence> silences = new LinkedHashMap<>();
    private final Map<String, Instant> lifted = new Remembered<>();
    private final Map<String, Map<String, Delivery>> deliveries = new Remembered<>();
    private final Map<AlertKind, long[]> raised = new EnumMap<>(AlertKind.class);
    private long revision;

    /** A map that forgets what it heard of first. */
    private static final class Remembered<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > REMEMBERED;
        }
    }

    /** Takes an alert; one that is known stays as it was raised first. */
    public synchronized void apply(RaisedAlert alert) {
        if (byId.putIfAbsent(alert.id(), alert) == null) {
            newest.add(alert);
            raised.computeIfAbsent(alert.kind(), kind -> new long[2])[alert.critical() ? 1 : 0]++;
            if (newest.size() > KEPT) {
                byId.remove(newest.pollLast().id());
            }
            revision++;
        }
    }

    /** Takes who looks after an alert; the first stays. */
    synchronized void apply(Acknowledgement acknowledgement) {
        acknowledgements.putIfAbsent(acknowledgement.alert(), acknowledgement);
        revision++;
    }

    /** Takes a silence. */
    synchronized void apply(Silence silence) {
        Instant end = lifted.get(silence.id());
        silences.put(silence.id(), end == null ? silence : silence.endingAt(end));
        silences.values().removeIf(old -> old.until().plus(Silence.LONGEST).isBefore(silence.from()));
        revision++;
    }

    /** Takes the end of a silence. */
    synchronized void lift(String silence, Instant at) {
        lifted.put(silence, at);
        silences.computeIfPresent(silence, (id, known) -> known.endingAt(at));
        revision++;
    }

    /** Takes how a sending ended. */
    synchronized void apply(Delivery delivery) {
        deliveries.computeIfAbsent(delivery.alert(), alert -> new TreeMap<>()).put(delivery.endpoint(), delivery);
        revision++;
    }

    /** How many of a kind were raised. */
    synchronized long raised(AlertKind kind, boolean critical) {
        return raised.getOrDefault(kind, new long[2])[critical ? 1 : 0];
    }

    /** How many critical ones nobody looks after. */
    synchronized long open() {
        return newest.stream()
                .filter(alert -> alert.critical() && !acknowledgements.containsKey(alert.id()))
                .count();
    }

    /** The newest alerts of all models, newest first. */
    public synchronized List<ListedAlert> alerts(Instant now) {
        return newest.stream().map(alert -> listed(alert, now)).toList();
    }

    private ListedAlert listed(RaisedAlert alert, Instant now) {
        return new ListedAlert(
                alert,
                acknowledgements.get(alert.id()),
                silencing(alert, now),
                List.copyOf(deliveries.getOrDefault(alert.id(), Map.of()).values()));
    }

    private @Nullable Silence silencing(RaisedAlert alert, Instant now) {
        return silences.values().stream()
                .filter(silence -> silence.keeps(alert, now))
                .findFirst()
                .orElse(null);
    }

    /** An alert that must be there. */
    public synchronized ListedAlert require(String id, Instant now) {
        RaisedAlert alert = byId.get(id);
        if (alert == null) {
            throw new TessellateException(
                    ErrorCode.UNKNOWN_ALERT, "there is no alert '%s' among the newest %d".formatted(id, KEPT));
        }
        return listed(alert, now);
    }

    /** Whether an alert is among the newest. */
    synchronized boolean knows(String id) {
        return byId.containsKey(id);
    }

    /** What keeps an alert from being sent now. */
    public synchronized Optional<Silence> silence(RaisedAlert alert, Instant now) {
        return Optional.ofNullable(silencing(alert, now));
    }

    /** Who looks after an alert. */
    public synchronized Optional<Acknowledgement> acknowledgement(String alert) {
        return Optional.ofNullable(acknowledgements.get(alert));
    }

    /** Whether the sending of an alert to an endpoint has ended. */
    public synchronized boolean ended(String alert, String endpoint) {
        return deliveries.getOrDefault(alert, Map.of()).containsKey(endpoint);
    }

    /** The silences that last. */
    public synchronized List<Silence> silences(Instant now) {
        Collection<Silence> all = silences.values();
        return all.stream().filter(silence -> silence.holds(now)).toList();
    }

    /** A silence that must last. */
    public synchronized Silence requireSilence(String id, Instant now) {
        Silence known = silences.get(id);
        if (known == null || !known.holds(now)) {
            throw new TessellateException(ErrorCode.UNKNOWN_ALERT, "no silence '%s' lasts".formatted(id));
        }
        return known;
    }

    /** A number that grows with everything it takes. */
    public synchronized long revision() {
        return revision;
    }
}
