package io.tessellate.evaluator.view;

import java.util.ArrayList;
import java.util.List;

/** The loss of a run's training over its steps, in so many points at most: where there are more every second one goes. */
final class LossCurve {
    /** Most points. */
    static final int MOST = 120;

    private final List<TaskStatus.Loss> points = new ArrayList<>();
    private long stride = 1;
    private long next;

    /** Takes the next point; one at an earlier step begins the curve anew. */
    void add(long step, double loss) {
        if (!points.isEmpty() && step < points.get(points.size() - 1).step()) {
            points.clear();
            stride = 1;
            next = 0;
        }
        if (step < next || !Double.isFinite(loss)) {
            return;
        }
        points.add(new TaskStatus.Loss(step, loss));
        if (points.size() > MOST) {
            thin();
        }
        next = step + stride;
    }

    private void thin() {
        for (int n = points.size() - 2; n > 0; n -= 2) {
            points.remove(n);
        }
        stride = Math.max(
                1, (points.get(points.size() - 1).step() - points.get(0).step()) / points.size());
    }

    List<TaskStatus.Loss> points() {
        return List.copyOf(points);
    }
}
