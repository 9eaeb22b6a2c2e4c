package io.tessellate.evaluator.view;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.view.TaskState.Problem;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.Intervention.TaskCancelled;
import io.tessellate.lineage.log.RegistryEvent.AdapterRejected;
import io.tessellate.recipe.RaceResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was heard about one task, topic by topic. The topics are read independently of each other, so the state is
 * derived from all facts together and never from the order in which two topics happened to be read.
 */
final class TaskFacts {
    private final TaskId id;
    private final DatasetFacts dataset = new DatasetFacts();
    private final Map<RunId, RunFacts> runs = new HashMap<>();
    private Instant firstSeen;
    private Instant updated;
    private @Nullable Integer version;
    private @Nullable RunId committedRun;
    private TaskState.@Nullable Dropped dropped;
    private @Nullable Instant droppedAt;
    /** Why scores of a version of it are missing, for each version that was measured. */
    private final Map<Integer, List<Problem>> measured = new HashMap<>();

    TaskFacts(TaskId id, Instant at) {
        this.id = id;
        this.firstSeen = at;
        this.updated = at;
    }

    private void heard(Instant at) {
        firstSeen = at.isBefore(firstSeen) ? at : firstSeen;
        updated = at.isAfter(updated) ? at : updated;
    }

    void apply(TaskEvent event) {
        heard(event.getAt());
        dataset.apply(event);
    }

    void apply(TrainingEvent event) {
        heard(event.getAt());
        run(event.getRunId()).apply(event);
    }

    void apply(TrainingProgress event) {
        heard(event.getAt());
        run(event.getRunId()).apply(event);
    }

    void reject(AdapterRejected rejected, Instant at) {
        heard(at);
        if (!rejected.lostRace()) {
            run(rejected.run()).fail(at, rejected.code().name(), rejected.message());
        }
    }

    void cancel(TaskCancelled cancelled, Instant at) {
        heard(at);
        run(cancelled.run()).cancel(at, new Problem(ErrorCode.CANCELLED.name(), "cancelled " + cancelled.by()));
    }

    void commit(int number, RunId run, Instant at) {
        heard(at);
        version = number;
        committedRun = run;
        dropped = null;
    }

    /** A person took the adapter out. */
    void drop(Intervention by, Instant at) {
        heard(at);
        if (version != null && dropped == null) {
            dropped = new TaskState.Dropped(new Problem(ErrorCode.DROPPED.name(), "taken out " + by.by()));
            droppedAt = at;
        }
    }

    void evaluate(int number, List<Problem> missing, Instant at) {
        heard(at);
        version = version == null ? Integer.valueOf(number) : version;
        measured.put(number, List.copyOf(missing));
    }

    private RunFacts run(String run) {
        return run(new RunId(run));
    }

    private RunFacts run(RunId run) {
        return runs.computeIfAbsent(run, any -> new RunFacts());
    }

    /**
     * The task as a whole.
     *
     * @param model what holds the tasks of its model up, if anything does
     * @param takenOut that it is in no version to come, if that is so
     */
    TaskStatus status(@Nullable Problem model, @Nullable Problem takenOut) {
        TaskState state = state();
        boolean held = model != null && !state.isFinal();
        return new TaskStatus(
                id,
                state,
                version,
                dataset.counts(),
                dataset.run(),
                firstSeen,
                updated,
                new TaskStatus.Remarks(
                        dataset.waiting(),
                        dataset.late(),
                        dataset.reasons(),
                        notes(takenOut),
                        version == null ? List.of() : measured.getOrDefault(version, List.of()),
                        held ? model : null,
                        race(),
                        current().map(RunFacts::losses).orElse(List.of())),
                problemAt(state));
    }

    private TaskState state() {
        if (version != null && !isSuperseded()) {
            if (dropped != null) {
                return dropped;
            }
            return measured.containsKey(version) ? new TaskState.Evaluated(version) : new TaskState.Committed(version);
        }
        Problem refusal = dataset.refusal();
        if (refusal != null && refusedLast()) {
            return new TaskState.Rejected(refusal);
        }
        if (dataset.duplicateOf() != null) {
            return new TaskState.Duplicate(dataset.duplicateOf());
        }
        return current().flatMap(RunFacts::state).orElseGet(this::unbegun);
    }

    /** Whether a later attempt at the dataset has begun than the one that was committed: only after its adapter was taken out. */
    private boolean isSuperseded() {
        return dropped != null && dataset.heard() && !Objects.equals(committedRun, dataset.run());
    }

    private TaskState unbegun() {
        return dataset.run() == null ? new TaskState.Arriving() : new TaskState.Ready();
    }

    /** Once a dataset is accepted, a refusal is about a later manifest: it counts only where the accepted one failed before. */
    private boolean refusedLast() {
        Instant refused = dataset.refusedAt();
        if (dataset.run() == null || refused == null) {
            return true;
        }
        return current().flatMap(RunFacts::failed).filter(refused::isAfter).isPresent();
    }

    /** The run of the newest attempt; the newest run there is while ingest has not been heard. */
    private Optional<RunFacts> current() {
        if (dataset.run() != null) {
            Instant again = dataset.acceptedAgain();
            return Optional.ofNullable(runs.get(dataset.run()))
                    .filter(run -> again == null || !run.heard().isBefore(again));
        }
        return dataset.heard() ? Optional.empty() : runs.values().stream().max(Comparator.comparing(RunFacts::heard));
    }

    private @Nullable RaceResult race() {
        return current().flatMap(RunFacts::race).orElse(null);
    }

    private List<Problem> notes(@Nullable Problem takenOut) {
        List<Problem> all = new ArrayList<>(dataset.notes());
        if (takenOut != null && dropped == null) {
            all.add(takenOut);
        }
        current().ifPresent(run -> all.addAll(run.leftOut()));
        Problem refusal = dataset.refusal();
        if (refusal != null && !refusedLast()) {
            all.add(new Problem(refusal.code(), "a later manifest was refused: " + refusal.message()));
        }
        return all;
    }

    /** When what stopped it was said: tells a new failure from one that was known before. */
    private @Nullable Instant problemAt(TaskState state) {
        if (state instanceof TaskState.Rejected) {
            return dataset.refusedAt();
        }
        if (state instanceof TaskState.Dropped) {
            return droppedAt;
        }
        return state instanceof TaskState.Failed || state instanceof TaskState.Cancelled
                ? current().flatMap(RunFacts::failed).orElse(null)
                : null;
    }
}
