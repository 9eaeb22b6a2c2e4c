package io.tessellate.registry.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.View;
import io.tessellate.event.ViewScores;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.Author;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryCommands;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.command.Bench;
import io.tessellate.registry.command.CommandEnvelope;
import io.tessellate.registry.command.CommandReader;
import io.tessellate.registry.command.TestBlobs;
import io.tessellate.registry.command.Workshop;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Pause;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.AvroSerdes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Workers and people who do everything in any order: reserve, train well or badly, publish twice or late, give up, while
 * the registry crashes and the blob store comes and goes. Everything follows from one seed.
 */
final class Simulation {
    private static final String[] METHODS = {
        "lota", "lotto", "lotto", "lotto", "expander", "expander", "expander", "full", "matchings"
    };
    private static final double[] DENSITIES = {0.05, 0.1, 0.1, 0.2, 0.25, 0.25, 0.3, 0.6};

    private final SplittableRandom random;
    private final TestBlobs blobs;
    private final Workshop workshop;
    private final RegistryCommands commands;
    private final ExactlyOnce registry;
    private final LogChecker checker;
    private final Deserializer<RegistryEvent> values;
    private final Lineage seen = new Lineage();
    private final List<Held> held = new ArrayList<>();
    private final List<CommandEnvelope> sent = new ArrayList<>();
    private final TreeMap<String, Integer> outcomes;
    private int checked;
    private int commandIds;

    /** A reservation a worker was given, and the model as the worker saw it then. */
    private record Held(ModelLine line, Reservation reservation) {}

    Simulation(long seed, Path directory, AvroSerdes serdes, TreeMap<String, Integer> outcomes) {
        this.random = new SplittableRandom(seed);
        this.outcomes = outcomes;
        this.blobs = new TestBlobs(directory);
        this.workshop = new Workshop(blobs, directory, random);
        this.commands = new RegistryCommands(Clock.fixed(Workshop.AT, ZoneOffset.UTC), () -> "command-" + ++commandIds);
        this.values = serdes.of(RegistryEvent.class).deserializer();
        this.registry = new ExactlyOnce(
                new RegistryTopology(
                        Bench.TOPICS,
                        serdes,
                        blobs,
                        new PassedOver(new SimpleMeterRegistry()),
                        new Retry(Backoff.none(), Pause.ofThread())),
                values,
                directory);
        this.checker = new LogChecker(blobs);
    }

    /** Does so many things in random order, then lets the registry finish in peace. */
    void run(int actions) {
        Ownership ownership = random.nextInt(5) == 0 ? Ownership.SHARED : Ownership.EXCLUSIVE;
        send(commands.register(Workshop.MODEL, workshop.base(ownership)));
        for (int i = 0; i < actions; i++) {
            act();
        }
        blobs.failNext(0);
        while (!registry.idle()) {
            registry.step();
        }
        commit();
        outcomes.merge("crash", registry.crashes(), Integer::sum);
        outcomes.merge("version", checker.version(), Integer::sum);
    }

    private void act() {
        int dice = random.nextInt(100);
        if (dice < 10) {
            reserve();
        } else if (dice < 12) {
            reserveParallel();
        } else if (dice < 32) {
            train();
        } else if (dice < 37) {
            sendAgain();
        } else if (dice < 39) {
            giveUp();
        } else if (dice < 40) {
            intervene();
        } else if (dice < 45) {
            measure();
        } else if (dice < 47) {
            blobs.failNext(1 + random.nextInt(4));
        } else if (dice < 51) {
            registry.crash(random.nextBoolean());
        } else if (dice < 70) {
            commit();
        } else {
            registry.step();
            registry.step();
        }
    }

    private void commit() {
        registry.commit();
        for (; checked < registry.log().size(); checked++) {
            RegistryEvent event = values.deserialize(
                    Bench.TOPICS.registry().name(), registry.log().get(checked));
            checker.check(event);
            LoggedEvent entry = RegistryEventCodec.fromAvro(event);
            seen.apply(entry);
            note(entry);
        }
    }

    private void note(LoggedEvent entry) {
        io.tessellate.lineage.log.RegistryEvent event = entry.event();
        String outcome = event.getClass().getSimpleName();
        if (event instanceof io.tessellate.lineage.log.RegistryEvent.AdapterRejected refused) {
            outcome += " " + refused.code();
        } else if (event instanceof io.tessellate.lineage.log.RegistryEvent.CommandRejected refused) {
            outcome += " " + refused.code();
        }
        outcomes.merge(outcome, 1, Integer::sum);
        if (event instanceof io.tessellate.lineage.log.RegistryEvent.AdapterCommitted committed) {
            held.stream()
                    .filter(worker -> worker.reservation().token() == committed.token())
                    .filter(worker -> worker.reservation().parentVersion() < committed.version() - 1)
                    .findFirst()
                    .ifPresent(worker -> outcomes.merge("committed behind others", 1, Integer::sum));
        }
        if (event instanceof io.tessellate.lineage.log.RegistryEvent.MaskReserved reserved) {
            ModelLine line = seen.require(Workshop.MODEL);
            held.add(new Held(line, line.reservation(reserved.task()).orElseThrow()));
            outcomes.merge(
                    reserved.parentVersion() < line.currentVersion() ? "parallel on an older version" : "on the newest",
                    1,
                    Integer::sum);
        }
    }

    private void reserve() {
        TaskName task = new TaskName("task-" + random.nextInt(7));
        RunId run = new RunId("run-" + task.value() + "-" + random.nextInt(2));
        MaskRequest request = new MaskRequest(
                METHODS[random.nextInt(METHODS.length)],
                DENSITIES[random.nextInt(DENSITIES.length)],
                Exhaustion.values()[random.nextInt(10) / 4],
                random.nextInt(6) == 0,
                OptionalInt.empty());
        send(commands.reserve(new TaskId(Workshop.MODEL, task), run, request));
    }

    /** Two to four tasks that are to be trained beside each other, from a version that may be long past or not come yet. */
    private void reserveParallel() {
        int current = seen.model(Workshop.MODEL).map(ModelLine::currentVersion).orElse(0);
        int parent = random.nextInt(10) == 0 ? current + 1 : Math.max(0, current - random.nextInt(3));
        MaskRequest request = new MaskRequest("expander", 0.25, Exhaustion.REJECT, false, OptionalInt.of(parent));
        for (int n = 2 + random.nextInt(3); n > 0; n--) {
            TaskName task = new TaskName("task-" + random.nextInt(7));
            RunId run = new RunId("run-" + task.value() + "-" + random.nextInt(2));
            send(commands.reserve(new TaskId(Workshop.MODEL, task), run, request));
        }
    }

    private void train() {
        pick().ifPresent(worker -> {
            Reservation reservation = worker.reservation();
            TrainingEvent training = workshop.completed(worker.line(), reservation, mask(worker));
            switch (random.nextInt(14)) {
                case 0 -> training.getCompleted().setToken(reservation.token() + random.nextInt(-2, 3));
                case 1 -> training.setRunId("run-of-nobody");
                case 2 -> training.getCompleted().setParentVersion(random.nextInt(4));
                case 3 -> training.getCompleted().setOwned(random.nextInt(300));
                default -> {
                    // As it was trained.
                }
            }
            CommandReader.read(training).ifPresent(this::send);
            if (random.nextInt(8) == 0) {
                blobs.damage(new io.tessellate.id.Sha256(
                        training.getCompleted().getAdapter().getSha256()));
            }
        });
    }

    private Mask mask(Held worker) {
        Reservation reservation = worker.reservation();
        if (reservation.lift() != null) {
            QuasiCyclicLift lift = new QuasiCyclicLift(
                    Workshop.SPACE,
                    reservation.lift().lift(),
                    reservation.lift().seed(),
                    reservation.lift().shared());
            return lift.mask(reservation.lift().index());
        }
        Mask all = Mask.all(Workshop.SPACE);
        if (reservation.method().equals("full")) {
            return all;
        }
        return switch (random.nextInt(6)) {
            case 0 -> RandomMask.of(all, reservation.budget(), random);
            case 1 -> RandomMask.of(all, Math.min(all.cardinality(), reservation.budget() + 1), random);
            default -> free(worker, reservation.budget());
        };
    }

    /** Free weights as the worker knows them; it may know too little by now. */
    private Mask free(Held worker, long budget) {
        Mask owned = worker.line().commits().stream()
                .map(version -> AdapterFile.read(blobs.path(version.adapter().sha256())))
                .map(adapter -> adapter.mask(Workshop.SPACE))
                .reduce(Mask.none(Workshop.SPACE), Mask::union);
        Mask free = owned.complement();
        long count = Math.min(budget, free.cardinality());
        return count == 0 ? RandomMask.of(owned, 1, random) : RandomMask.of(free, count, random);
    }

    private void sendAgain() {
        if (!sent.isEmpty()) {
            registry.send(sent.get(random.nextInt(sent.size())));
        }
    }

    private void giveUp() {
        pick().ifPresent(worker -> {
            if (random.nextBoolean()) {
                CommandReader.read(workshop.failed(worker.reservation())).ifPresent(this::send);
            } else {
                send(commands.release(
                        worker.reservation().task(), worker.reservation().token(), "gave up"));
            }
        });
    }

    /** A person cancels a run that may be under way, done or not there yet, or moves the champion to any version. */
    private void intervene() {
        Author ada = new Author("ada", "");
        int version = 1 + random.nextInt(5);
        switch (random.nextInt(3)) {
            case 0 -> send(commands.promote(Workshop.MODEL, version, random.nextBoolean(), ada));
            case 1 -> send(commands.rollBack(Workshop.MODEL, version, random.nextBoolean(), ada));
            default ->
                pick().ifPresent(worker -> send(commands.cancel(
                        worker.reservation().task(), worker.reservation().run(), ada)));
        }
    }

    private void measure() {
        seen.model(Workshop.MODEL).filter(line -> line.currentVersion() > 0).ifPresent(line -> {
            int version = 1 + random.nextInt(line.currentVersion());
            List<String> tasks = line.holding(version).tasks().stream()
                    .map(task -> task.task().value())
                    .toList();
            List<Double> drops =
                    tasks.stream().map(task -> random.nextDouble(-0.1, 0.12)).toList();
            CommandReader.read(ForgettingRow.newBuilder()
                            .setModel(Workshop.MODEL.value())
                            .setVersion(version)
                            .setTasks(tasks)
                            .setMetrics(Collections.nCopies(tasks.size(), "accuracy"))
                            .setUnion(scores(View.UNION, drops))
                            .setTask(scores(View.TASK, drops))
                            .setAt(Workshop.AT)
                            .build())
                    .ifPresent(this::send);
        });
    }

    private static ViewScores scores(View view, List<Double> drops) {
        return ViewScores.newBuilder()
                .setView(view)
                .setScores(drops)
                .setAverageAccuracy(0.5)
                .setDrops(drops)
                .build();
    }

    /** Mostly a reservation that is open as far as is known, sometimes one long stale. */
    private Optional<Held> pick() {
        List<Held> open = held.stream().filter(this::isOpen).toList();
        List<Held> from = open.isEmpty() || random.nextInt(5) == 0 ? held : open;
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    private boolean isOpen(Held worker) {
        TaskName task = worker.reservation().task().task();
        return seen.require(Workshop.MODEL)
                .reservation(task)
                .filter(worker.reservation()::equals)
                .isPresent();
    }

    private void send(RegistryCommand command) {
        CommandReader.read(command).ifPresent(this::send);
    }

    private void send(CommandEnvelope envelope) {
        sent.add(envelope);
        registry.send(envelope);
    }
}
