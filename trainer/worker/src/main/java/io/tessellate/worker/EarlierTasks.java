package io.tessellate.worker;

import io.tessellate.engine.version.EarlierTask;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The earlier tasks that a run looks back at. One whose records are gone for good, or are no longer those that were trained on, is
 * left out: what is wrong with it is not the fault of the task that is trained now.
 */
final class EarlierTasks {
    private final List<EarlierTask> found = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /**
     * Takes the tasks of a version but for some, each as {@link #add(CommittedVersion, Supplier)} does.
     *
     * @param reading reads one, which has this place in the version
     */
    void add(Holding holding, Set<TaskName> without, BiFunction<CommittedVersion, Integer, EarlierTask> reading) {
        for (int n = 0; n < holding.size(); n++) {
            int place = n;
            CommittedVersion committed = holding.commits().get(place);
            if (!without.contains(committed.task().task())) {
                add(committed, () -> reading.apply(committed, place));
            }
        }
    }

    /** Takes the task of a version, read now; one that is away for now is waited for by whoever calls. */
    void add(CommittedVersion version, Supplier<EarlierTask> reading) {
        try {
            found.add(reading.get());
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            leftOut.add(new LeftOut(version.task().task(), e.code(), String.valueOf(e.getMessage())));
        }
    }

    /** Refuses to do without a task that the recipe names; an empty name names none. */
    void require(String named) {
        leftOut.stream()
                .filter(task -> task.task().value().equals(named))
                .findFirst()
                .ifPresent(task -> {
                    throw new TessellateException(
                            ErrorCode.EARLIER_DATA_GONE,
                            "recipe field 'maskFrom' is %s, whose records can no longer be read: %s"
                                    .formatted(named, task.reason()));
                });
    }

    List<EarlierTask> found() {
        return List.copyOf(found);
    }

    List<LeftOut> leftOut() {
        return List.copyOf(leftOut);
    }
}
