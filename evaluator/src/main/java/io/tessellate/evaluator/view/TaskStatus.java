package io.tessellate.evaluator.view;

import io.tessellate.evaluator.view.TaskState.Problem;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.recipe.RaceResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task and how far it has come, its newest attempt.
 *
 * @param version version the task was committed as, once it was
 * @param counts what became of its records
 * @param run run that trains it, once its dataset is closed
 * @param firstSeen when it was first heard of
 * @param updated when it was last heard of
 * @param remarks what else a person should know
 * @param problemAt when the state's problem was said, if it has one
 */
public record TaskStatus(
        TaskId id,
        TaskState state,
        @Nullable Integer version,
        Counts counts,
        @Nullable RunId run,
        Instant firstSeen,
        Instant updated,
        Remarks remarks,
        @Nullable Instant problemAt) {

    /**
     * One kind of bad record.
     *
     * @param count bad records of this code
     * @param example reason of the first of them
     */
    public record Reason(String code, long count, String example) {}

    /**
     * The smoothed training loss at one step.
     *
     * @param step steps done
     */
    public record Loss(long step, double loss) {}

    /**
     * What a person should know beside the state.
     *
     * @param waiting records kept until a manifest says how to read them
     * @param late records put aside because they came after the close
     * @param reasons kinds of bad records of a rejected dataset, the most frequent first
     * @param notes what was noticed, with what to do
     * @param unmeasured scores of its version that could not be computed
     * @param hold what its model waits for, if it does
     * @param race what the race for the recipe's open fields came to, if there was one
     * @param losses of its training so far, in some points
     */
    public record Remarks(
            long waiting,
            long late,
            List<Reason> reasons,
            List<Problem> notes,
            List<Problem> unmeasured,
            @Nullable Problem hold,
            @Nullable RaceResult race,
            List<Loss> losses) {
        /** Nothing to say. */
        public static final Remarks NONE = new Remarks(0, 0, List.of(), List.of(), List.of(), null, null, List.of());

        /** Copies the lists. */
        public Remarks {
            reasons = List.copyOf(reasons);
            notes = List.copyOf(notes);
            unmeasured = List.copyOf(unmeasured);
            losses = List.copyOf(losses);
        }
    }

    /** The JSON that scripts rely on, with the progress of a running training and all remarks added. */
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("task", id.toString());
        json.put("state", state.label());
        json.put("version", version);
        json.put("read", counts.read());
        json.put("accepted", counts.accepted());
        json.put("deadLettered", counts.deadLettered());
        json.put("duplicates", counts.duplicates());
        json.put("error", state.problem());
        json.put("progress", state instanceof TaskState.Training training ? training : null);
        json.put("run", run == null ? null : run.value());
        json.put("updated", updated.toString());
        json.put("waiting", remarks.waiting());
        json.put("late", remarks.late());
        json.put("reasons", remarks.reasons());
        json.put("notes", remarks.notes());
        json.put("unmeasured", remarks.unmeasured());
        json.put("hold", remarks.hold());
        json.put("race", remarks.race());
        json.put("losses", state instanceof TaskState.Training ? remarks.losses() : List.of());
        return json;
    }
}
