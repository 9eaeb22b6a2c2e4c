package io.tessellate.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Recipe;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.registry.client.DatasetIndex;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.work.Turns;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One who takes the datasets in order, and two lanes, each with its own clients, on a broker of memory. */
class ParallelTasksTest {
    private static final TopicCatalogue TOPICS = new TopicCatalogue(TopicNames.DEFAULT);
    private static final ModelName GLUE = new ModelName("glue");

    @TempDir
    private Path directory;

    private final DatasetIndex datasets = new DatasetIndex();
    private final FakeEngine engine = new FakeEngine();
    private final FakeRegistry registry = new FakeRegistry().register("glue");
    private final List<Part> parts = new ArrayList<>();
    private final TaskRecords values = new TaskRecords();
    private Part ordered;
    private int arrived;
    private int handedOn;

    /** A member of a group: its loop, its consumer and the producer of its transactions. */
    private final class Part {
        private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        private final MockProducer<String, SpecificRecord> events =
                new MockProducer<>(true, null, new StringSerializer(), (topic, value) -> new byte[0]);
        private final Topic<TaskEvent> topic;
        private final WorkLoop<TaskEvent> loop;
        private final Thread thread;

        Part(Topic<TaskEvent> topic, boolean lane, int... partitions) {
            this.topic = topic;
            events.initTransactions();
            MockProducer<String, SpecificRecord> progress =
                    new MockProducer<>(true, null, new StringSerializer(), (to, value) -> new byte[0]);
            var shared = new RunResources(
                    WorkerSettings.of(new DataDirectory(directory), 2),
                    registry,
                    engine,
                    new Turns(1),
                    new DirectoryBlobStore(directory.resolve("blobs")),
                    new TrainingLog(lane ? "worker w-lane-1" : "worker w", TOPICS, events, progress),
                    Clock.systemUTC());
            loop = new WorkLoop<>(
                    "part",
                    consumer,
                    values.reader(topic),
                    lane ? new LaneWork(shared) : new TaskWork(shared, datasets));
            thread = new Thread(loop);
            parts.add(this);
            assign(partitions);
            thread.start();
        }

        void assign(int... partitions) {
            consumer.schedulePollTask(() -> {
                List<TopicPartition> mine = new ArrayList<>();
                for (int partition : partitions) {
                    mine.add(new TopicPartition(topic.name(), partition));
                }
                consumer.rebalance(mine);
                mine.forEach(each -> consumer.updateBeginningOffsets(Map.of(each, 0L)));
            });
        }

        void take(TaskEvent event, int partition, long offset) {
            consumer.schedulePollTask(() -> consumer.addRecord(values.record(topic, partition, offset, event)));
        }

        long committed() {
            return events.consumerGroupOffsetsHistory().stream()
                    .flatMap(groups -> groups.values().stream())
                    .flatMap(offsets -> offsets.values().stream())
                    .mapToLong(offset -> offset.offset())
                    .max()
                    .orElse(0);
        }

        List<TrainingEvent> failures() {
            return events.history().stream()
                    .map(ProducerRecord::value)
                    .filter(TrainingEvent.class::isInstance)
                    .map(TrainingEvent.class::cast)
                    .filter(event -> event.getFailed() != null)
                    .toList();
        }

        void kill() {
            loop.stop();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @BeforeEach
    void startInOrder() {
        ordered = new Part(TOPICS.tasks(), false, 0);
    }

    @AfterEach
    void stopAll() {
        parts.forEach(Part::kill);
    }

    @ParameterizedTest
    @CsvSource({"a, b", "b, a"})
    void parallelTasksTrainAtOnceOnTheSameVersionAndCommitInAnyOrder(String first, String second) {
        Part one = lane(0);
        Part two = lane(1);
        hold("a", "b");
        arrive(task("a", true), task("b", true));
        handOn(2, one, two);
        await().until(() -> engine.runs.size() == 2);

        release(first);
        await().until(() -> line().currentVersion() == 1);
        release(second);
        await().until(() -> line().currentVersion() == 2);

        assertThat(line().tasks()).extracting(task -> task.task().value()).containsExactly(first, second);
        assertThat(engine.runs)
                .extracting(run -> run.reservation().parentVersion())
                .containsOnly(0);
        await().until(() -> one.committed() == 1 && two.committed() == 1);
        assertThat(ordered.committed()).isEqualTo(2);
    }

    @Test
    void oneLaneAloneTrainsThemOneAfterTheOtherOnTheSameVersionStill() {
        Part one = lane(0, 1);
        arrive(task("a", true), task("b", true));
        handOn(2, one, one);

        await().until(() -> line().currentVersion() == 2);
        assertThat(engine.runs)
                .extracting(run -> run.reservation().parentVersion())
                .containsExactly(0, 0);
    }

    @Test
    void anOrdinaryTaskWaitsForThoseBeforeItAndTrainsOnAllOfThem() {
        Part one = lane(0);
        Part two = lane(1);
        hold("a", "b");
        arrive(task("a", true), task("b", true), task("c", false), task("d", true));
        handOn(2, one, two);
        await().until(() -> engine.runs.size() == 2);
        release("b");
        await().until(() -> line().currentVersion() == 1);
        assertThat(ordered.committed()).isEqualTo(2);
        assertThat(engine.runs).hasSize(2);

        release("a");
        handOn(1, one, two);
        await().until(() -> line().currentVersion() == 4);
        assertThat(engine.runs)
                .extracting(run -> run.task().task().value() + run.reservation().parentVersion())
                .contains("c2", "d3");
    }

    @Test
    void aParallelTaskThatFailsDoesNotHoldUpTheOthers() {
        Part one = lane(0, 1);
        engine.failures.add(new TessellateException(ErrorCode.DIVERGED, "loss is NaN at step 3"));
        arrive(task("a", true), task("b", false));
        handOn(1, one, one);

        await().until(() -> !one.failures().isEmpty());
        assertThat(line().currentVersion()).isZero();
        registry.failed.add(new RunId("run-a"));
        await().until(() -> line().currentVersion() == 1);
        assertThat(one.failures().get(0).getFailed().getToken()).isEqualTo(2L);
    }

    @Test
    void whatALaneLeavesBehindWhenItIsKilledAnotherFinishesOnTheSameVersion() {
        Part one = lane(0);
        Part two = lane(1);
        hold("a");
        arrive(task("a", true), task("b", true));
        TaskEvent a = task("a", true);
        handOn(2, one, two);
        await().until(() -> line().currentVersion() == 1);
        await().until(() -> engine.runs.size() == 2);

        one.kill();
        assertThat(one.committed()).isZero();
        release("a");
        two.assign(0, 1);
        two.take(a, 0, 0);

        await().until(() -> line().currentVersion() == 2);
        assertThat(line().tasks()).extracting(task -> task.task().value()).containsExactly("b", "a");
        assertThat(engine.runs)
                .filteredOn(run -> run.id().value().equals("run-a"))
                .extracting(run -> run.reservation().parentVersion())
                .containsExactly(0, 0);
        assertThat(engine.runs)
                .filteredOn(run -> run.id().value().equals("run-a"))
                .extracting(run -> run.reservation().token())
                .doesNotHaveDuplicates();
    }

    @Test
    void aParallelTaskOfAMethodThatFindsItsMaskLaterFailsByName() {
        TaskEvent event = task("a", true);
        event.getReady().getManifest().getRecipe().setMethod("lotto");
        arrive(event);

        await().until(() -> ordered.committed() == 1);
        assertThat(ordered.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.getFailed().getMessage())
                        .isEqualTo("recipe field 'parallel' is true but must be false unless the method is expander"));
    }

    private static TessellateException tooLarge() {
        return new TessellateException(ErrorCode.NOT_ENOUGH_MEMORY, "needs 90 GB, and the machine has 80 GB");
    }

    @Test
    void aTaskThatAWorkerHasTooLittleMemoryForIsTrainedByAnotherAndTheNextOneWaits() {
        Part other = lane(0, 1);
        hold("a");
        engine.failures.add(tooLarge());
        arrive(task("a", false), task("b", false));
        await().until(() -> engine.runs.size() == 1);
        release("a");
        await().until(() -> forLanes().size() == 1);
        assertThat(ordered.failures()).isEmpty();
        TaskEvent onward = (TaskEvent) forLanes().get(0).value();
        assertThat(onward.getRefusals()).containsExactly("worker w: needs 90 GB, and the machine has 80 GB");
        assertThat(engine.runs).as("b waits").hasSize(1);

        other.take(onward, 0, 0);
        await().until(() -> line().currentVersion() == 2);
        assertThat(line().tasks()).extracting(task -> task.task().value()).containsExactly("a", "b");
    }

    @Test
    void aTaskWaitsNoLongerForOneElsewhereWhoseReservationIsTakenAway() {
        engine.failures.add(tooLarge());
        arrive(task("a", false), task("b", false));
        await().until(() -> forLanes().size() == 1);
        assertThat(engine.runs).as("b waits").hasSize(1);

        registry.release(TaskId.of("glue", "a"), new RunId("run-a"));

        await().until(() -> line().currentVersion() == 1);
        assertThat(line().tasks()).extracting(task -> task.task().value()).containsExactly("b");
    }

    @Test
    void aTaskThatNoWorkerHasTheMemoryForFailsWithWhatEachSaid() {
        int lanes = TOPICS.parallelTasks().partitions();
        Part other = lane(0);
        engine.failures.add(tooLarge());
        engine.failures.add(tooLarge());
        arrive(task("a", false));
        await().until(() -> forLanes().size() == 1);
        TaskEvent onward = (TaskEvent) forLanes().get(0).value();
        Set<Integer> visited = new HashSet<>(Set.of(forLanes().get(0).partition()));
        for (int n = 1; n < lanes; n++) {
            other.take(onward, 0, n - 1);
            int sent = n;
            await().until(() -> forLanes(other).size() == sent);
            onward = (TaskEvent) forLanes(other).get(n - 1).value();
            visited.add(forLanes(other).get(n - 1).partition());
        }
        assertThat(visited).as("each lane of all workers saw it").hasSize(lanes);
        other.take(onward, 0, lanes - 1);
        await().until(() -> !other.failures().isEmpty());
        assertThat(other.failures().get(0).getFailed().getCode()).isEqualTo("NOT_ENOUGH_MEMORY");
        assertThat(other.failures().get(0).getFailed().getMessage())
                .isEqualTo("no worker has the memory for it. worker w: needs 90 GB, and the machine has 80 GB"
                        + " | worker w-lane-1: needs 90 GB, and the machine has 80 GB");
        assertThat(engine.runs).as("each tried once").hasSize(2);
        assertThat(other.failures().get(0).getFailed().getToken())
                .isEqualTo(line().reservation(new RunId("run-a")).orElseThrow().token());
    }

    private Part lane(int... partitions) {
        return new Part(TOPICS.parallelTasks(), true, partitions);
    }

    private void hold(String... tasks) {
        for (String task : tasks) {
            engine.held.put("run-" + task, new CountDownLatch(1));
        }
    }

    private void release(String task) {
        engine.held.get("run-" + task).countDown();
    }

    private ModelLine line() {
        return registry.model(GLUE);
    }

    private void arrive(TaskEvent... events) {
        for (TaskEvent event : events) {
            datasets.apply(event);
            ordered.take(event, 0, arrived++);
        }
    }

    /** Waits for so many more datasets to be handed on, and gives each to the lane of its partition. */
    private void handOn(int count, Part even, Part odd) {
        await().until(() -> forLanes().size() == handedOn + count);
        for (ProducerRecord<String, SpecificRecord> each : forLanes().subList(handedOn, handedOn + count)) {
            Part lane = each.partition() == 0 ? even : odd;
            lane.take((TaskEvent) each.value(), each.partition(), handedOn / 2);
            handedOn++;
        }
    }

    private List<ProducerRecord<String, SpecificRecord>> forLanes() {
        return forLanes(ordered);
    }

    private static List<ProducerRecord<String, SpecificRecord>> forLanes(Part part) {
        return part.events.history().stream()
                .filter(record -> record.topic().equals(TOPICS.parallelTasks().name()))
                .toList();
    }

    private static TaskEvent task(String name, boolean parallel) {
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel("glue")
                .setTask(name)
                .setLabels(List.of("no", "yes"))
                .setRecipe(Recipe.newBuilder()
                        .setMethod("expander")
                        .setParallel(parallel)
                        .build())
                .build();
        TaskReady ready = TaskReady.newBuilder()
                .setRunId("run-" + name)
                .setTopic("tasks.glue." + name)
                .setRanges(List.of())
                .setManifest(manifest)
                .setCounts(new RecordCounts(2L, 2L, 0L, 0L))
                .setTrainExamples(1)
                .setEvalExamples(1)
                .setDatasetDigest("0".repeat(64))
                .build();
        return TaskEvent.newBuilder()
                .setModel("glue")
                .setTask(name)
                .setAt(Instant.EPOCH)
                .setReady(ready)
                .build();
    }
}
