package io.tessellate.evaluator.live;

import io.tessellate.engine.metric.Outcomes;
import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.evaluator.live.LiveLabel.Pair;
import io.tessellate.evaluator.live.LiveTally.Window;
import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins answers with labels that come back under their ids, in whatever order and however often they come: each answer and each
 * label counts once, what comes again is counted as that, and what nobody comes back to is forgotten after its time and counted.
 */
final class LiveFold {
    /** So many versions of a view keep their pairs. */
    static final int VERSIONS = 8;

    private static final int MOST_AT_ONCE = 1000;

    private final LiveTables tables;
    private final LiveSettings settings;

    LiveFold(LiveState state, LiveSettings settings) {
        this.tables = new LiveTables(state);
        this.settings = settings;
    }

    /** Takes an answer. */
    void take(TaskId task, @Nullable String id, LiveAnswer answer, Instant at) {
        LiveTally tally = tables.tally(task);
        if (id == null) {
            tables.put(task, tally.plus(LiveCount.ANONYMOUS, 1));
            return;
        }
        tally = tally.plus(LiveCount.ANSWERED, 1);
        Optional<LiveCase> before = tables.known(task, id);
        LiveCase known = before.orElseGet(() -> LiveCase.at(at.toEpochMilli()));
        if (known.answeredBy(answer)) {
            tables.put(task, tally.plus(LiveCount.ANSWERED_AGAIN, 1));
            return;
        }
        if (before.isEmpty()) {
            tally = tally.ids(1).plus(LiveCount.WAITING, 1);
        }
        LiveLabel label = known.label();
        if (label != null) {
            if (known.answers().isEmpty()) {
                tally = tally.plus(LiveCount.EARLY, -1);
            }
            tally = pair(task, tally, label, answer);
        }
        keep(task, id, known.with(answer), tally);
    }

    /** Takes a label. */
    void take(TaskId task, String id, LiveLabel label, Instant at) {
        LiveTally tally = tables.tally(task);
        Optional<LiveCase> before = tables.known(task, id);
        LiveCase known = before.orElseGet(() -> LiveCase.at(at.toEpochMilli()));
        if (known.label() != null) {
            LiveCount again = known.label().equals(label) ? LiveCount.LABELS_AGAIN : LiveCount.LABELS_CHANGED;
            tables.put(task, tally.plus(again, 1));
            return;
        }
        tally = tally.plus(LiveCount.LABELS, 1);
        tally = before.isEmpty() ? tally.ids(1).plus(LiveCount.EARLY, 1) : tally.plus(LiveCount.WAITING, -1);
        for (LiveAnswer answer : known.answers()) {
            tally = pair(task, tally, label, answer);
        }
        keep(task, id, known.with(label), tally);
    }

    private void keep(TaskId task, String id, LiveCase known, LiveTally tally) {
        tables.put(task, id, known);
        LiveTally now = tally;
        while (now.ids() > settings.mostIds()) {
            String oldest = tables.oldest(task, Long.MAX_VALUE);
            if (oldest == null) {
                break;
            }
            now = forget(task, oldest, now);
        }
        tables.put(task, now);
    }

    private LiveTally forget(TaskId task, String id, LiveTally tally) {
        LiveCase known = tables.known(task, id).orElseThrow();
        tables.forget(task, id, known);
        LiveTally less = tally.ids(-1);
        if (known.label() == null) {
            return less.plus(LiveCount.WAITING, -1).plus(LiveCount.NEVER_LABELLED, 1);
        }
        if (known.answers().isEmpty()) {
            return less.plus(LiveCount.EARLY, -1).plus(LiveCount.NEVER_ANSWERED, 1);
        }
        return less;
    }

    /** Counts an answer whose label is there; of a version that is older than those kept, and of what cannot be compared, as that. */
    private LiveTally pair(TaskId task, LiveTally tally, LiveLabel label, LiveAnswer answer) {
        Optional<Pair> pair = label.beside(answer);
        Window window = tally.windows().stream()
                .filter(known -> known.isOf(answer))
                .findFirst()
                .orElseGet(() -> new Window(answer.view(), answer.version(), label.metric(), 0, null));
        if (pair.isEmpty() || window.metric() != label.metric() || isTooOld(tally, answer)) {
            return tally.plus(LiveCount.NOT_COMPARABLE, 1);
        }
        tables.put(task, window, window.labelled() % settings.window(), pair.get());
        return bounded(task, tally.with(window.another()), answer);
    }

    private static boolean isTooOld(LiveTally tally, LiveAnswer answer) {
        List<Integer> versions =
                ofView(tally, answer).stream().map(Window::version).toList();
        return versions.size() >= VERSIONS && answer.version() < versions.get(0);
    }

    private LiveTally bounded(TaskId task, LiveTally tally, LiveAnswer answer) {
        List<Window> windows = ofView(tally, answer);
        if (windows.size() <= VERSIONS) {
            return tally;
        }
        tables.forget(task, windows.get(0));
        return tally.without(windows.get(0));
    }

    /** The windows of the answer's view, the oldest version first. */
    private static List<Window> ofView(LiveTally tally, LiveAnswer answer) {
        return tally.windows().stream()
                .filter(window -> window.view() == answer.view())
                .sorted(Comparator.comparing(Window::version))
                .toList();
    }

    /** Forgets ids whose time is over, some at a time. */
    void expire(Instant now) {
        long before = now.minus(settings.keep()).toEpochMilli();
        for (TaskId task : tables.tasks()) {
            LiveTally tally = tables.tally(task);
            boolean some = false;
            for (int n = 0; n < MOST_AT_ONCE; n++) {
                String oldest = tables.oldest(task, before);
                if (oldest == null) {
                    break;
                }
                tally = forget(task, oldest, tally);
                some = true;
            }
            if (some) {
                tables.put(task, tally);
            }
        }
    }

    /** The standings that are others than those this gave last. */
    List<LiveStanding> changed(Instant now) {
        List<LiveStanding> standings = new ArrayList<>();
        for (TaskId task : tables.tasks()) {
            LiveTally tally = tables.tally(task);
            if (tally.changed()) {
                List<Window> scored = tally.windows().stream()
                        .map(window -> window.score() == null ? window.scored(score(task, window)) : window)
                        .toList();
                tables.put(task, tally.published(scored));
                standings.add(new LiveStanding(task, finite(scored), tally.counts(), now));
            }
        }
        return standings;
    }

    private LiveScore score(TaskId task, Window window) {
        List<Pair> pairs = tables.pairs(task, window, settings.window());
        Outcomes outcomes = new Outcomes(
                window.metric(),
                pairs.stream().mapToDouble(Pair::predicted).toArray(),
                pairs.stream().mapToDouble(Pair::right).toArray());
        return new LiveScore(
                window.view(),
                window.version(),
                window.metric().label(),
                outcomes.score(),
                ScoreInterval.of(outcomes),
                outcomes.size(),
                window.labelled());
    }
    /** In the order of views and versions; a correlation of a single pair, for instance, is no number and no score. */
    private static List<LiveScore> finite(List<Window> windows) {
        return windows.stream()
                .map(Window::score)
                .filter(score -> score != null
                        && Double.isFinite(score.score())
                        && Double.isFinite(score.interval().low())
                        && Double.isFinite(score.interval().high()))
                .sorted(Comparator.comparing(LiveScore::view).thenComparing(LiveScore::version))
                .toList();
    }
}
