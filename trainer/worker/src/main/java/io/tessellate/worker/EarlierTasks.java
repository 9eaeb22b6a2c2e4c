package io.tessellate.worker;

import io.tessellate.engine.recipe.CalibrationRecipe;
import io.tessellate.engine.recipe.Lookback;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.recipe.MaskSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The earlier tasks that a run looks back at. One whose records are gone for good, or are no longer those that were trained on, is
 * left out of what is replayed: what is wrong with it is not the fault of the task that is trained now.
 */
final class EarlierTasks {
    private final List<EarlierTask> found = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /**
     * One whose records can no longer be read, so that a run goes on without them.
     *
     * @param code of what is wrong
     * @param reason what is missing, and where
     */
    record LeftOut(TaskName task, ErrorCode code, String reason) {}

    /** Reads a task, which has this place in the version. */
    interface Reading {
        /** Its head and what it was trained on. */
        EarlierTask whole(CommittedVersion committed, int place);

        /** Its head alone, whatever has become of its records. */
        EarlierTask head(CommittedVersion committed, int place);
    }

    /** Whether a recipe needs anything of earlier tasks. */
    static boolean looksBack(Recipe recipe) {
        return recipe.lookback() != Lookback.NONE
                || recipe.calibration().source().isEarlier();
    }

    /**
     * Reads of the tasks of a version what a recipe needs, and nothing of those it does not need. Of one whose records are gone for good
     * the head is still there to be held to what it says; where reading may succeed another time, it throws, and whoever calls tries again.
     *
     * @param without those that are not replayed, whatever is there of their records
     */
    void add(Holding holding, Recipe recipe, Set<TaskName> without, Reading reading) {
        boolean examples = recipe.lookback() == Lookback.EXAMPLES;
        MaskSource calibrating = recipe.calibration().source();
        add(
                holding,
                task -> examples && !without.contains(task) || calibrating.isEarlier(task),
                recipe.replay().distils(),
                reading);
    }

    /** The same with what all of them were trained on, whether or not the recipe needs it. */
    void addWhole(Holding holding, Recipe recipe, Reading reading) {
        add(holding, task -> true, recipe.replay().distils(), reading);
    }

    private void add(Holding holding, Predicate<TaskName> whole, boolean heads, Reading reading) {
        for (int n = 0; n < holding.size(); n++) {
            int place = n;
            CommittedVersion committed = holding.commits().get(place);
            boolean read = whole.test(committed.task().task()) && add(committed, () -> reading.whole(committed, place));
            if (!read && heads) {
                add(committed, () -> reading.head(committed, place));
            }
        }
    }

    private boolean add(CommittedVersion version, Supplier<EarlierTask> reading) {
        try {
            return found.add(reading.get());
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            TaskName task = version.task().task();
            if (leftOut.stream().noneMatch(left -> left.task().equals(task))) {
                leftOut.add(new LeftOut(task, e.code(), String.valueOf(e.getMessage())));
            }
            return false;
        }
    }

    /** Refuses to do without the task that a mask is calibrated on. */
    void require(CalibrationRecipe calibration) {
        leftOut.stream()
                .filter(task -> calibration.source().isEarlier(task.task()))
                .findFirst()
                .ifPresent(task -> {
                    throw new TessellateException(
                            ErrorCode.EARLIER_DATA_GONE,
                            "recipe field 'maskFrom' is %s, whose records can no longer be read: %s"
                                    .formatted(calibration.maskFrom(), task.reason()));
                });
    }

    List<EarlierTask> found() {
        return List.copyOf(found);
    }

    List<LeftOut> leftOut() {
        return List.copyOf(leftOut);
    }
}
