package io.tessellate.registry.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.TaskNotMeasured;
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
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.topology.RegistryTopology;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Pause;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;

/** The registry's topology on the bench: send it what workers and people send, see what it appends. */
public final class Bench implements AutoCloseable {

    public static final TaskName SST2 = new TaskName("sst2");
    static final TaskName MRPC = new TaskName("mrpc");
    static final Author ADA = new Author("ada", "said so");
    public static final TopicCatalogue TOPICS = new TopicCatalogue(TopicNames.DEFAULT, 1);

    final TestBlobs blobs;
    public final Workshop workshop;
    public final Lineage lineage = new Lineage();
    final RandomGenerator random = new SplittableRandom(20261120);
    final AvroSerdes serdes = new AvroSerdes("mock://bench", true);
    public final PassedOver passedOver = new PassedOver(new SimpleMeterRegistry());
    private final TopicCatalogue topics;
    private final RegistryCommands commands;
    private final TopologyTestDriver driver;
    private final TestOutputTopic<String, io.tessellate.event.RegistryEvent> log;
    private int commandIds;

    Bench(Path directory) {
        this(directory, 1);
    }

    public Bench(Path directory, int partitions) {
        this.topics = new TopicCatalogue(TopicNames.DEFAULT, partitions);
        this.blobs = new TestBlobs(directory);
        this.workshop = new Workshop(blobs, directory, random);
        this.commands = new RegistryCommands(Clock.fixed(Workshop.AT, ZoneOffset.UTC), () -> "command-" + ++commandIds);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
        this.driver = new TopologyTestDriver(topology(), properties, Workshop.AT);
        this.log = driver.createOutputTopic(
                TOPICS.registry().name(),
                new StringDeserializer(),
                serdes.of(TOPICS.registry()).deserializer());
    }

    public TopicCatalogue topics() {
        return topics;
    }

    public Topology topology() {
        return new RegistryTopology(topics, serdes, blobs, passedOver, new Retry(Backoff.none(), Pause.ofThread()))
                .build();
    }

    /** Headers of the next record it appended. */
    public Headers headers() {
        return log.readRecord().headers();
    }

    /** What the registry appended since the last look. */
    public List<RegistryEvent> appended() {
        List<RegistryEvent> events = new ArrayList<>();
        log.readValuesToList().forEach(avro -> {
            LoggedEvent entry = RegistryEventCodec.fromAvro(avro);
            lineage.apply(entry);
            events.add(entry.event());
        });
        return events;
    }

    /** The one event that followed. */
    public RegistryEvent answer() {
        List<RegistryEvent> events = appended();
        if (events.size() != 1) {
            throw new AssertionError("one event expected: " + events);
        }
        return events.get(0);
    }

    ModelLine line() {
        return lineage.require(Workshop.MODEL);
    }

    public void send(RegistryCommand command) {
        send(TOPICS.registryCommands(), command.getModel(), command);
    }

    public void send(TrainingEvent event) {
        send(TOPICS.trainings(), event.getModel(), event);
    }

    public void send(ForgettingRow row) {
        send(TOPICS.forgetting(), row.getModel(), row);
    }

    public <V extends SpecificRecord> void send(Topic<V> topic, String key, V value) {
        driver.createInputTopic(
                        topic.name(), new StringSerializer(), serdes.of(topic).serializer())
                .pipeInput(key, value);
    }

    public void sendBytes(Topic<?> topic, String key, byte[] value) {
        driver.createInputTopic(topic.name(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(key, value);
    }

    public RegistryEvent.ModelRegistered register(Ownership ownership) {
        RegistryEvent.ModelRegistered base = workshop.base(ownership);
        send(register(base));
        answer();
        return base;
    }

    public RegistryCommand register(RegistryEvent.ModelRegistered base) {
        return commands.register(Workshop.MODEL, base);
    }

    public RegistryCommand reserve(TaskName task, String run, String method, double density) {
        return reserve(task, run, method, density, Exhaustion.REJECT);
    }

    RegistryCommand reserve(TaskName task, String run, String method, double density, Exhaustion exhaustion) {
        return commands.reserve(new TaskId(Workshop.MODEL, task), new RunId(run), method, density, exhaustion);
    }

    RegistryCommand reserve(TaskName task, String run, MaskRequest request) {
        return commands.reserve(new TaskId(Workshop.MODEL, task), new RunId(run), request);
    }

    RegistryCommand resume() {
        return commands.resume(Workshop.MODEL, "ada", "put the file back");
    }

    RegistryCommand promote(int version, boolean force) {
        return commands.promote(Workshop.MODEL, version, force, ADA);
    }

    RegistryCommand rollBack(int version, boolean force) {
        return commands.rollBack(Workshop.MODEL, version, force, ADA);
    }

    RegistryCommand drop(TaskName task) {
        return commands.drop(new TaskId(Workshop.MODEL, task), ADA);
    }

    RegistryCommand cancel(TaskName task, String run) {
        return commands.cancel(new TaskId(Workshop.MODEL, task), new RunId(run), ADA);
    }

    RegistryCommand release(TaskName task, long token) {
        return commands.release(new TaskId(Workshop.MODEL, task), token, "asked for");
    }

    /** Asks for a reservation that is granted. */
    Reservation reserved(TaskName task, String run, String method, double density) {
        return reserved(task, run, MaskRequest.of(method, density, Exhaustion.REJECT));
    }

    Reservation reserved(TaskName task, String run, MaskRequest request) {
        send(reserve(task, run, request));
        RegistryEvent answer = answer();
        if (!(answer instanceof RegistryEvent.MaskReserved)) {
            throw new AssertionError("refused: " + answer);
        }
        return line().reservation(task).orElseThrow();
    }

    /** A mask that keeps every rule: the reserved class, or as many free weights as the budget allows. */
    Mask properMask(Reservation reservation) {
        if (reservation.lift() != null) {
            return new QuasiCyclicLift(
                            Workshop.SPACE,
                            reservation.lift().lift(),
                            reservation.lift().seed(),
                            reservation.lift().shared())
                    .mask(reservation.lift().index());
        }
        return RandomMask.of(owned().complement(), reservation.budget(), random);
    }

    /** As many weights of what the reservation allows, wherever they are. */
    Mask part(Reservation reservation, int kept) {
        return RandomMask.of(properMask(reservation), kept, random);
    }

    Mask owned() {
        return line().holding().commits().stream()
                .map(version -> AdapterFile.read(blobs.fetch(version.adapter().sha256())))
                .map(adapter -> adapter.mask(Workshop.SPACE))
                .reduce(Mask.none(Workshop.SPACE), Mask::union);
    }

    /** Reserves, trains and commits a task. */
    RegistryEvent.AdapterCommitted commit(TaskName task, String run, String method, double density) {
        Reservation reservation = reserved(task, run, method, density);
        send(workshop.completed(line(), reservation, properMask(reservation)));
        RegistryEvent answer = answer();
        if (answer instanceof RegistryEvent.AdapterCommitted committed) {
            return committed;
        }
        throw new AssertionError("not committed: " + answer);
    }

    /** The row of a version whose tasks dropped by so much. */
    ForgettingRow row(int version, Double... drops) {
        List<String> tasks = line().holding(version).tasks().stream()
                .map(task -> task.task().value())
                .toList();
        return ForgettingRow.newBuilder()
                .setModel(Workshop.MODEL.value())
                .setVersion(version)
                .setTasks(tasks)
                .setMetrics(Collections.nCopies(tasks.size(), "accuracy"))
                .setUnion(scores(View.UNION, List.of(drops)))
                .setTask(scores(View.TASK, Collections.nCopies(drops.length, 0.0)))
                .setAt(Workshop.AT)
                .build();
    }

    /** A row in which a task could not be measured. */
    ForgettingRow rowWithout(TaskName task, int version, Double... drops) {
        ForgettingRow row = row(version, drops);
        row.getUnion()
                .setNotMeasured(List.of(new TaskNotMeasured(task.value(), "RECORDS_GONE", "the topic was deleted")));
        return row;
    }

    private static ViewScores scores(View view, List<Double> drops) {
        return ViewScores.newBuilder()
                .setView(view)
                .setScores(Collections.nCopies(drops.size(), 0.8))
                .setAverageAccuracy(0.8)
                .setDrops(drops)
                .build();
    }

    @Override
    public void close() {
        driver.close();
    }
}
