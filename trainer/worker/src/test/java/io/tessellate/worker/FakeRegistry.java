package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.client.Following;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A registry that grants every reservation and commits every adapter, unless told to refuse. Backed by a real fold. */
final class FakeRegistry implements MaskRegistry {
    static final Sha256 BASE = Sha256.of(new byte[] {1});

    final Deque<ErrorCode> refusals = new ArrayDeque<>();
    /** Tasks that are committed just before the next refusals are said. */
    final Deque<TaskId> rivals = new ArrayDeque<>();

    final Deque<TessellateException> unavailable = new ArrayDeque<>();
    /** Models whose reservations never get an answer. */
    final Set<String> silent = ConcurrentHashMap.newKeySet();

    final Set<RunId> failed = ConcurrentHashMap.newKeySet();
    /** What workers write, in which a run's failure stands. */
    final List<MockProducer<String, SpecificRecord>> logs = new CopyOnWriteArrayList<>();

    private final Map<RunId, Consumer<Intervention.TaskCancelled>> stops = new ConcurrentHashMap<>();
    private final Map<RunId, Intervention.TaskCancelled> cancelled = new ConcurrentHashMap<>();
    private final Lineage lineage = new Lineage();
    private final Map<ModelName, Long> sequences = new HashMap<>();
    private long tokens;

    FakeRegistry register(String model) {
        log(
                new ModelName(model),
                new RegistryEvent.ModelRegistered(
                        BASE,
                        List.of(new StoredFile("model.safetensors", BASE, 1)),
                        new ParameterSpace(List.of(new EligibleTensor("w", 4, 4))),
                        Ownership.EXCLUSIVE,
                        0.05));
        return this;
    }

    private synchronized void log(ModelName model, RegistryEvent event) {
        long sequence = sequences.merge(model, 1L, Long::sum);
        lineage.apply(new LoggedEvent(model, sequence, null, Instant.EPOCH, event));
    }

    @Override
    public synchronized ModelLine model(ModelName model) {
        return lineage.require(model);
    }

    @Override
    public synchronized Reservation reserve(TaskId task, RunId run, MaskRequest request, Cancellation cancellation) {
        TessellateException away = unavailable.poll();
        if (away != null) {
            throw away;
        }
        if (silent.contains(task.model().value())) {
            throw new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, "no answer for " + task.model());
        }
        int parent = request.parallelFrom().orElse(lineage.require(task.model()).currentVersion());
        log(
                task.model(),
                new RegistryEvent.MaskReserved(task.task(), run, ++tokens, parent, 16, request.method(), null));
        return lineage.require(task.model()).reservation(run).orElseThrow();
    }

    @Override
    public synchronized boolean ended(TaskId task, RunId run) {
        return failed.contains(run)
                || logs.stream().anyMatch(log -> saysFailed(log, run))
                || lineage.require(task.model()).versionOf(run).isPresent();
    }

    private static boolean saysFailed(MockProducer<String, SpecificRecord> log, RunId run) {
        return log.history().stream()
                .map(ProducerRecord::value)
                .filter(TrainingEvent.class::isInstance)
                .map(TrainingEvent.class::cast)
                .anyMatch(event -> event.getFailed() != null && event.getRunId().equals(run.value()));
    }

    @Override
    public synchronized Following whenCancelled(TaskId task, RunId run, Consumer<Intervention.TaskCancelled> stop) {
        stops.put(run, stop);
        Optional.ofNullable(cancelled.get(run)).ifPresent(stop);
        return () -> stops.remove(run);
    }

    /** A person ends a run. */
    void cancel(TaskId task, RunId run) {
        var event = new Intervention.TaskCancelled(task.task(), run, "ada", "the wrong data");
        log(task.model(), event);
        cancelled.put(run, event);
        Optional.ofNullable(stops.get(run)).ifPresent(stop -> stop.accept(event));
    }

    /** A person takes a run's reservation away. */
    synchronized void release(TaskId task, RunId run) {
        long token =
                lineage.require(task.model()).reservation(run).orElseThrow().token();
        log(task.model(), new RegistryEvent.ReservationReleased(task.task(), token, "asked to"));
    }

    @Override
    public synchronized Optional<RegistryEvent.AdapterRejected> verdict(
            TaskId task, RunId run, long token, Cancellation cancellation) {
        ErrorCode refusal = refusals.poll();
        if (refusal != null) {
            TaskId rival = rivals.poll();
            if (rival != null) {
                commit(rival, new RunId("run-" + rival.task()), null);
            }
            log(task.model(), new RegistryEvent.AdapterRejected(task.task(), run, token, refusal, "told to"));
        } else {
            commit(task, run, token);
        }
        return lineage.require(task.model()).rejection(run, token);
    }

    void commit(TaskId task, RunId run, @Nullable Long token) {
        log(
                task.model(),
                new RegistryEvent.AdapterCommitted(
                        task.task(),
                        run,
                        token == null ? tokens : token,
                        lineage.require(task.model()).currentVersion() + 1,
                        new StoredFile("adapter", BASE, 1),
                        "lotto",
                        1,
                        0,
                        "{}",
                        BASE,
                        List.of()));
    }
}
