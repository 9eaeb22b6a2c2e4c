package io.tessellate.evaluator.live;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.evaluator.matrix.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of one task, between two events.
 *
 * @param ids how many ids are kept
 * @param changed whether it says other than what was published last
 */
record LiveTally(long ids, boolean changed, LiveCounts counts, List<Window> windows) {
    LiveTally {
        windows = List.copyOf(windows);
    }

    static final LiveTally NEW = new LiveTally(0, false, LiveCounts.NONE, List.of());

    /**
     * The newest pairs of one view and version.
     *
     * @param labelled how many pairs there were so far
     * @param score of those that are kept, unless another one came since
     */
    record Window(
            View view,
            int version,
            MetricName metric,
            long labelled,
            @Nullable LiveScore score) {
        boolean isOf(LiveAnswer answer) {
            return view == answer.view() && version == answer.version();
        }

        Window another() {
            return new Window(view, version, metric, labelled + 1, null);
        }

        Window scored(LiveScore now) {
            return new Window(view, version, metric, labelled, now);
        }
    }

    LiveTally plus(LiveCount what, long more) {
        return new LiveTally(ids, true, counts.plus(what, more), windows);
    }

    LiveTally ids(long more) {
        return new LiveTally(ids + more, true, counts, windows);
    }

    LiveTally with(Window window) {
        List<Window> all = new ArrayList<>(windows);
        all.removeIf(old -> old.view() == window.view() && old.version() == window.version());
        all.add(window);
        return new LiveTally(ids, true, counts, all);
    }

    LiveTally without(Window window) {
        List<Window> all = new ArrayList<>(windows);
        all.remove(window);
        return new LiveTally(ids, true, counts, all);
    }

    LiveTally published(List<Window> scored) {
        return new LiveTally(ids, false, counts, scored);
    }
}
