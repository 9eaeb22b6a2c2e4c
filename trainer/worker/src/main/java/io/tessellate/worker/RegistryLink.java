package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.registry.client.Following;
import io.tessellate.registry.client.Patience;
import io.tessellate.registry.client.RegistryClient;
import io.tessellate.registry.client.RunLog;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What a worker asks of the registry, by the process's client; which runs have failed is in the workers' own log. */
final class RegistryLink implements MaskRegistry {
    private final RegistryClient client;
    private final RunLog runs;
    private final Duration patience;

    /** A link through logs that are read already. */
    RegistryLink(SharedLogs logs, Duration patience) {
        this.client = logs.registry();
        this.runs = logs.runs();
        this.patience = patience;
    }

    @Override
    public ModelLine model(ModelName model) {
        return client.model(model, patience);
    }

    @Override
    public Reservation reserve(TaskId task, RunId run, MaskRequest request, Cancellation cancellation) {
        RegistryEvent answer = client.ask(
                        commands -> commands.reserve(task, run, request), new Patience(patience, cancellation))
                .orElseThrow(() -> late("a reservation"));
        if (answer instanceof RegistryEvent.CommandRejected rejected) {
            throw refusal(rejected);
        }
        return client.lineage()
                .require(task.model())
                .reservation(run)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.FENCED, "the reservation of %s for %s was taken over".formatted(run, task)));
    }

    /** A model that waits for a person goes on by itself afterwards; so does what asks for it. */
    private static TessellateException refusal(RegistryEvent.CommandRejected rejected) {
        return rejected.code() == ErrorCode.MODEL_PARKED
                ? new RetriableException(rejected.code(), rejected.message())
                : new TessellateException(rejected.code(), rejected.message());
    }

    private RetriableException late(String what) {
        return new RetriableException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "the registry gave no answer on %s for %s".formatted(what, patience));
    }

    @Override
    public boolean ended(TaskId task, RunId run) {
        return runs.hasFailed(run)
                || client.lineage()
                        .model(task.model())
                        .filter(line -> ended(line, run))
                        .isPresent();
    }

    private static boolean ended(ModelLine line, RunId run) {
        boolean refused =
                line.lastRejection(run).isPresent() && line.reservation(run).isEmpty();
        return line.versionOf(run).isPresent() || refused || line.cancelled(run).isPresent();
    }

    @Override
    public Following whenCancelled(TaskId task, RunId run, Consumer<Intervention.TaskCancelled> stop) {
        Following following = client.follow(entry -> {
            if (entry.event() instanceof Intervention.TaskCancelled cancelled
                    && entry.model().equals(task.model())
                    && cancelled.run().equals(run)) {
                stop.accept(cancelled);
            }
        });
        client.lineage()
                .model(task.model())
                .flatMap(line -> line.cancelled(run))
                .ifPresent(stop);
        return following;
    }

    @Override
    public Optional<RegistryEvent.AdapterRejected> verdict(
            TaskId task, RunId run, long token, Cancellation cancellation) {
        if (!client.await(() -> decided(task, run, token), new Patience(patience, cancellation))) {
            throw late("the verdict on " + run);
        }
        return client.lineage().require(task.model()).rejection(run, token);
    }

    private boolean decided(TaskId task, RunId run, long token) {
        ModelLine line = client.lineage().require(task.model());
        return line.versionOf(run).isPresent()
                || line.rejection(run, token).isPresent()
                || line.parked().isPresent();
    }
}
