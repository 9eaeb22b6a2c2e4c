package io.tessellate.registry.client;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryCommand;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryCommands;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The mask registry as everybody else sees it. Its log is read once and folded once for all parts of a process; what is asked of
 * it goes out as a command, and the answer comes back on the log.
 *
 * <p>Whoever uses it starts it, the first in truth, the others in vain; whoever made it closes it.
 */
public final class RegistryClient implements Service {
    /** How long a person, or a page, waits for an answer. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration LOOK = Duration.ofMillis(250);

    private final Lineage lineage = new Lineage();
    private final AtomicLong revision = new AtomicLong();
    private final Followers<LoggedEvent> followers = new Followers<>();
    private final LogTail<io.tessellate.event.RegistryEvent> log;
    private final CommandTopic topic;
    private final RegistryCommands commands;

    /** A client that has not begun to read. */
    public RegistryClient(KafkaClients clients, Clock clock) {
        this(
                handler -> new LogTail<>(clients, clients.topics().registry(), entry -> handler.accept(entry.value())),
                new CommandTopic(
                        clients.topics().registryCommands().name(),
                        () -> clients.producer(
                                "registry-client-" + clients.settings().instanceId())),
                clock);
    }

    RegistryClient(
            Function<Consumer<io.tessellate.event.RegistryEvent>, LogTail<io.tessellate.event.RegistryEvent>> tails,
            CommandTopic topic,
            Clock clock) {
        this.log = tails.apply(this::take);
        this.topic = topic;
        this.commands = new RegistryCommands(clock, () -> UUID.randomUUID().toString());
    }

    private void take(io.tessellate.event.RegistryEvent event) {
        LoggedEvent entry = RegistryEventCodec.fromAvro(event);
        if (lineage.apply(entry)) {
            revision.incrementAndGet();
        }
        followers.tell(entry);
    }

    /** Every model with its versions, as of what was read so far. */
    public Lineage lineage() {
        return lineage;
    }

    /** A number that grows with every event of the registry. */
    public long revision() {
        return revision.get();
    }

    /**
     * Hears of every event once it is in the fold, in the order of the log and in the thread that reads it: of all events, if it
     * follows before the client is started, else of those still to come.
     *
     * @return ends the following
     */
    public Following follow(Consumer<LoggedEvent> follower) {
        return followers.add(follower);
    }

    /** A model as of now: of everything that was committed when this was called. */
    public ModelLine model(ModelName model, Duration patience) {
        log.awaitCaughtUp(patience);
        return lineage.require(model);
    }

    /** The model, once the fold knows a version of it; retriable if that takes too long. */
    public ModelLine version(ModelName model, int version, Duration patience) {
        if (!log.await(() -> has(model, version), patience)) {
            throw new RetriableException(
                    ErrorCode.NOT_READY, "version %d of %s is not known yet".formatted(version, model));
        }
        return lineage.require(model);
    }

    private boolean has(ModelName model, int version) {
        return lineage.model(model).map(ModelLine::currentVersion).orElse(0) >= version;
    }

    /**
     * Waits until a condition on the fold holds.
     *
     * @return whether it came to hold in time
     */
    public boolean await(BooleanSupplier condition, Patience patience) {
        long end = System.nanoTime() + patience.limit().toNanos();
        while (!log.await(condition, LOOK)) {
            patience.cancellation().check();
            if (System.nanoTime() > end) {
                return false;
            }
        }
        return true;
    }

    /**
     * Asks the registry something.
     *
     * @param question makes the command
     * @return the event that answers it; empty if none came in time
     */
    public Optional<RegistryEvent> ask(Function<RegistryCommands, RegistryCommand> question, Patience patience) {
        RegistryCommand command = send(question, patience.limit());
        await(() -> answer(command).isPresent(), patience);
        return answer(command);
    }

    /**
     * Asks for something on behalf of a person.
     *
     * @return the model as it is then
     * @throws TessellateException what the registry refuses it for, or a retriable TIMEOUT if no answer comes
     */
    public ModelLine request(Function<RegistryCommands, RegistryCommand> question) {
        return request(question, () -> false);
    }

    /**
     * The same for what may be so already: a command that changes nothing is answered by no event.
     *
     * @param granted whether it is as asked for
     */
    public ModelLine request(Function<RegistryCommands, RegistryCommand> question, BooleanSupplier granted) {
        RegistryCommand command = send(question, PATIENCE);
        if (!await(() -> answer(command).isPresent() || granted.getAsBoolean(), Patience.of(PATIENCE))) {
            throw new RetriableException(
                    ErrorCode.TIMEOUT, "the registry did not answer within %s".formatted(PATIENCE));
        }
        if (answer(command).orElse(null) instanceof RegistryEvent.CommandRejected no) {
            throw new TessellateException(no.code(), no.message());
        }
        return lineage.require(new ModelName(command.getModel()));
    }

    /**
     * Asks that a parked model goes on.
     *
     * @param who who asks
     * @param why what was done
     * @return the model as it is then
     * @throws TessellateException MODEL_PARKED while its reason still holds, INVALID_ARGUMENT if it is not parked
     */
    public ModelLine resume(ModelName model, String who, String why) {
        lineage.require(model);
        return request(known -> known.resume(model, who, why));
    }

    /**
     * Makes a later version champion.
     *
     * @param force takes one that was not measured, or failed
     * @return the model as it is then
     * @throws TessellateException UNKNOWN_VERSION, NOT_MEASURED, QUARANTINED, MODEL_PARKED, or INVALID_ARGUMENT for an earlier one
     */
    public ModelLine promote(ModelName model, int version, boolean force, Author author) {
        lineage.require(model);
        return request(known -> known.promote(model, version, force, author), () -> isChampion(model, version));
    }

    /** Makes an earlier version champion again; refused as {@link #promote} is, and with INVALID_ARGUMENT for a later one. */
    public ModelLine rollBack(ModelName model, int version, boolean force, Author author) {
        lineage.require(model);
        return request(known -> known.rollBack(model, version, force, author), () -> isChampion(model, version));
    }

    private boolean isChampion(ModelName model, int version) {
        return lineage.require(model).champion().orElse(0) == version;
    }

    /**
     * Ends a run before it is committed.
     *
     * @return the model as it is then
     * @throws TessellateException TASK_CLOSED if it was committed before
     */
    public ModelLine cancel(TaskId task, RunId run, Author author) {
        lineage.require(task.model());
        return request(
                known -> known.cancel(task, run, author),
                () -> lineage.require(task.model()).cancelled(run).isPresent());
    }

    /**
     * Takes a task's adapter out of the versions to come.
     *
     * @return the model as it is then
     * @throws TessellateException UNKNOWN_TASK if no version ever held it, INVALID_ARGUMENT under shared ownership, MODEL_PARKED
     */
    public ModelLine drop(TaskId task, Author author) {
        lineage.require(task.model());
        return request(known -> known.drop(task, author), () -> isDropped(task));
    }

    private boolean isDropped(TaskId task) {
        ModelLine line = lineage.require(task.model());
        return line.versionOf(task.task()).isPresent()
                && line.holding().of(task.task()).isEmpty();
    }

    private RegistryCommand send(Function<RegistryCommands, RegistryCommand> question, Duration patience) {
        RegistryCommand command = question.apply(commands);
        topic.send(command, patience);
        return command;
    }

    private Optional<RegistryEvent> answer(RegistryCommand command) {
        return lineage.answer(new ModelName(command.getModel()), command.getCommandId())
                .map(LoggedEvent::event);
    }

    /** The tail of the log, for whoever waits for several tails at once. */
    public LogTail<?> tail() {
        return log;
    }

    @Override
    public String name() {
        return log.name();
    }

    @Override
    public void start() {
        log.start();
    }

    @Override
    public Health health() {
        return log.health();
    }

    @Override
    public void close() {
        topic.close();
        log.close();
    }
}
