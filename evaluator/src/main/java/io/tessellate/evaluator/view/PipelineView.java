package io.tessellate.evaluator.view;

import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventVisitor;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every task with its state: a fold over {@code tasks}, {@code trainings}, {@code training-progress}, {@code registry}
 * and {@code forgetting}. The topics may be fed from different threads and in any order relative to each other; within
 * a topic the order must be the topic's.
 */
public final class PipelineView {
    private static final Comparator<TaskStatus> ORDER = Comparator.comparing(
                    (TaskStatus status) -> status.id().model())
            .thenComparing(TaskStatus::version, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(TaskStatus::firstSeen)
            .thenComparing(TaskStatus::id);

    private final Map<TaskId, TaskFacts> tasks = new HashMap<>();
    private final ModelHolds models;
    private long revision;

    /**
     * A view that has heard of nothing.
     *
     * @param lineage the models, fed by somebody else
     */
    public PipelineView(Lineage lineage) {
        this.models = new ModelHolds(lineage);
    }

    /** Takes an event of {@code tasks}. */
    public synchronized void apply(TaskEvent event) {
        facts(event.getModel(), event.getTask(), event.getAt()).apply(event);
    }

    /** Takes an event of {@code trainings}. */
    public synchronized void apply(TrainingEvent event) {
        facts(event.getModel(), event.getTask(), event.getAt()).apply(event);
    }

    /** Takes an event of {@code training-progress}. */
    public synchronized void apply(TrainingProgress event) {
        facts(event.getModel(), event.getTask(), event.getAt()).apply(event);
    }

    /** Takes an event of {@code registry} that the lineage knows already. */
    public synchronized void apply(LoggedEvent entry) {
        entry.event().accept(new TaskOutcome(entry));
        revision++;
    }

    /** Takes a row of {@code forgetting}: the version's newest task is measured. */
    public synchronized void apply(ForgettingRow row) {
        String newest = row.getTasks().get(row.getTasks().size() - 1);
        facts(row.getModel(), newest, row.getAt()).evaluate(row.getVersion(), unmeasured(row, newest), row.getAt());
    }

    /** Why the newest task's own scores could not be computed, view by view. */
    private static List<TaskState.Problem> unmeasured(ForgettingRow row, String task) {
        return Stream.of(row.getUnion(), row.getTask())
                .flatMap(scores -> scores.getNotMeasured().stream()
                        .filter(gap -> gap.getTask().equals(task))
                        .map(gap -> new TaskState.Problem(
                                gap.getCode(),
                                "in the %s view: %s"
                                        .formatted(scores.getView().name().toLowerCase(Locale.ROOT), gap.getReason()))))
                .toList();
    }

    private TaskFacts facts(String model, String task, Instant at) {
        return facts(TaskId.of(model, task), at);
    }

    private TaskFacts facts(TaskId task, Instant at) {
        revision++;
        return tasks.computeIfAbsent(task, id -> new TaskFacts(id, at));
    }

    /** One task, if anything was heard of it. */
    public synchronized Optional<TaskStatus> task(TaskId id) {
        return Optional.ofNullable(tasks.get(id)).map(facts -> status(id, facts));
    }

    private TaskStatus status(TaskId id, TaskFacts facts) {
        return facts.status(models.hold(id.model()), models.takenOut(id).orElse(null));
    }

    /** What a model waits for a person to put right, if it does. */
    public synchronized Optional<TaskState.Problem> parked(ModelName model) {
        return models.parked(model);
    }

    /** All tasks by model: first those that became versions, in their order, then the others as they arrived. */
    public synchronized List<TaskStatus> tasks() {
        return tasks.entrySet().stream()
                .map(entry -> status(entry.getKey(), entry.getValue()))
                .sorted(ORDER)
                .toList();
    }

    /** The tasks of one model in the same order. */
    public List<TaskStatus> tasks(ModelName model) {
        return tasks().stream()
                .filter(status -> status.id().model().equals(model))
                .toList();
    }

    /** A number that grows with every event, so that a reader can tell whether it has seen the newest state. */
    public synchronized long revision() {
        return revision;
    }

    /** What an event of the registry says about a task; whether it says anything. */
    private final class TaskOutcome implements RegistryEventVisitor<Boolean> {
        private final ModelName model;
        private final Instant at;

        TaskOutcome(LoggedEvent entry) {
            this.model = entry.model();
            this.at = entry.at();
        }

        @Override
        public Boolean visit(RegistryEvent.ModelRegistered event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.CommandRejected event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.MaskReserved event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.ReservationReleased event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.AdapterCommitted event) {
            facts(new TaskId(model, event.task()), at).commit(event.version(), event.run(), at);
            return true;
        }

        @Override
        public Boolean visit(Intervention.VersionComposed event) {
            TaskName without = event.without();
            if (without != null) {
                facts(new TaskId(model, without), at).drop(event, at);
            }
            return without != null;
        }

        @Override
        public Boolean visit(Intervention.ParentChanged event) {
            if (event.cause() != Intervention.ParentChanged.Cause.DROP) {
                return false;
            }
            tasks.forEach((id, facts) -> {
                if (id.model().equals(model)) {
                    facts.drop(event, at);
                }
            });
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.AdapterRejected event) {
            facts(new TaskId(model, event.task()), at).reject(event, at);
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPromoted event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPassed event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionQuarantined event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelParked event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelResumed event) {
            return false;
        }

        @Override
        public Boolean visit(Intervention.VersionRolledBack event) {
            return false;
        }

        @Override
        public Boolean visit(Intervention.TaskCancelled event) {
            facts(new TaskId(model, event.task()), at).cancel(event, at);
            return true;
        }
    }
}
