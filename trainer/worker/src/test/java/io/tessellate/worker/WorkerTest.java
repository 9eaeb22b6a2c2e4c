package io.tessellate.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskOpened;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.registry.client.DatasetIndex;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Turns;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
    private static final TopicCatalogue TOPICS = new TopicCatalogue(TopicNames.DEFAULT);
    private static final TopicPartition PARTITION =
            new TopicPartition(TOPICS.tasks().name(), 0);

    @TempDir
    private Path directory;

    private final DatasetIndex datasets = new DatasetIndex();
    private final FakeEngine engine = new FakeEngine();
    private final FakeRegistry registry = new FakeRegistry().register("glue");
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<String, SpecificRecord> events =
            new MockProducer<>(true, null, new StringSerializer(), (topic, value) -> new byte[0]);
    private final MockProducer<String, SpecificRecord> progress =
            new MockProducer<>(true, null, new StringSerializer(), (topic, value) -> new byte[0]);
    private final TaskRecords values = new TaskRecords();
    private WorkLoop<TaskEvent> loop;
    private Thread thread;
    private long nextOffset;

    @BeforeEach
    void startTheLoop() {
        events.initTransactions();
        registry.logs.add(events);
        var parts = new RunResources(
                WorkerSettings.of(new DataDirectory(directory), 1),
                registry,
                engine,
                new Turns(1),
                new DirectoryBlobStore(directory.resolve("blobs")),
                new TrainingLog("worker w", TOPICS, events, progress),
                Clock.systemUTC());
        loop = new WorkLoop<>("training", consumer, values.reader(TOPICS.tasks()), new TaskWork(parts, datasets));
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(PARTITION));
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        });
        thread = new Thread(loop);
        thread.start();
    }

    @AfterEach
    void stopTheLoop() throws InterruptedException {
        loop.stop();
        thread.join();
    }

    @Test
    void aDatasetIsTrainedAndPublishedTogetherWithItsOffset() {
        arrive(ready("sst2"));

        await().until(() -> committedOffset() == 1);
        assertThat(published())
                .extracting(event -> event.getCompleted() != null)
                .containsExactly(false, true);
        assertThat(completed().get(0).getCompleted().getOwned()).isEqualTo(7);
        assertThat(version("sst2")).isEqualTo(1);
        assertThat(progress.history()).isNotEmpty();
    }

    @Test
    void theNextTaskOfAModelTrainsOnTheVersionOfTheOneBefore() {
        arrive(ready("sst2"));
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 2);
        assertThat(engine.runs)
                .extracting(run -> run.reservation().parentVersion())
                .containsExactly(0, 1);
    }

    @Test
    void theConsumerPollsWhileARunIsTraining() {
        engine.release = new CountDownLatch(1);
        arrive(ready("sst2"));
        await().until(() -> engine.training);

        CountDownLatch polled = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            consumer.schedulePollTask(polled::countDown);
        }
        await().until(() -> polled.getCount() == 0);
        assertThat(engine.training).isTrue();

        engine.release.countDown();
        await().until(() -> committedOffset() == 1);
    }

    @Test
    void aRunThatDivergesIsPublishedAsFailedAndTheNextTaskProceeds() {
        engine.failures.add(new TessellateException(ErrorCode.DIVERGED, "loss is NaN at step 3"));
        arrive(ready("sst2"));
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 2);
        assertThat(failed()).singleElement().satisfies(event -> {
            assertThat(event.getTask()).isEqualTo("sst2");
            assertThat(event.getFailed().getCode()).isEqualTo("DIVERGED");
            assertThat(event.getFailed().getToken()).isEqualTo(1L);
        });
        assertThat(version("cola")).isEqualTo(1);
    }

    @Test
    void aRunWhoseMemoryIsInUseIsTriedAgain() {
        engine.failures.add(new RetriableException(ErrorCode.MEMORY_IN_USE, "run needs 2 GB more"));
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 1);
        assertThat(failed()).isEmpty();
        assertThat(completed()).extracting(TrainingEvent::getTask).containsExactly("cola");
        assertThat(engine.runs).hasSize(2);
    }

    @Test
    void aDefectInTheEngineIsPublishedAndTheWorkerLivesOn() {
        engine.failures.add(new IllegalStateException("impossible"));
        arrive(ready("sst2"));

        await().until(() -> committedOffset() == 1);
        assertThat(failed())
                .singleElement()
                .satisfies(event -> assertThat(event.getFailed().getCode()).isEqualTo("DEFECT"));
        assertThat(loop.health().live()).isTrue();
    }

    @Test
    void aRegistryThatIsAwayIsWaitedFor() {
        registry.unavailable.add(new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, "no answer"));
        arrive(ready("sst2"));

        await().until(() -> committedOffset() == 1);
        assertThat(failed()).isEmpty();
        assertThat(version("sst2")).isEqualTo(1);
    }

    @Test
    void anAdapterThatLostARaceIsTrainedAgainOnTheNewerVersion() {
        registry.refusals.add(ErrorCode.OVERLAP);
        registry.rivals.add(TaskId.parse("glue/rival"));
        arrive(ready("sst2"));

        await().until(() -> registry.model(TaskId.parse("glue/sst2").model()).currentVersion() == 2);
        assertThat(engine.runs)
                .extracting(run -> run.reservation().parentVersion())
                .containsExactly(0, 1);
        assertThat(completed())
                .extracting(event -> event.getCompleted().getToken())
                .containsExactly(1L, 2L);
        assertThat(committedOffset()).isEqualTo(1);
    }

    @Test
    void anAdapterThatIsRefusedWithoutARaceFailsAndTheNextTaskProceeds() {
        registry.refusals.add(ErrorCode.OVERLAP);
        arrive(ready("sst2"));
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 2 && failed().size() == 1);
        await().until(() -> registry.model(TaskId.parse("glue/cola").model()).currentVersion() == 1);
        assertThat(engine.runs).hasSize(2);
        assertThat(failed()).singleElement().satisfies(event -> {
            assertThat(event.getTask()).isEqualTo("sst2");
            assertThat(event.getFailed().getCode()).isEqualTo("OVERLAP");
            assertThat(event.getFailed().getMessage()).contains("told to").contains("shared ownership");
        });
    }

    @Test
    void aRunThatWasCommittedBeforeIsNotTrainedAgain() {
        TaskEvent event = ready("sst2");
        TaskId task = TaskId.parse("glue/sst2");
        RunId run = new RunId(event.getReady().getRunId());
        registry.reserve(task, run, MaskRequest.of("lotto", 0.1, Exhaustion.REJECT), new Cancellation());
        registry.commit(task, run, null);
        arrive(event);

        await().until(() -> committedOffset() == 1);
        assertThat(engine.runs).isEmpty();
        assertThat(published()).isEmpty();
    }

    @Test
    void otherTaskEventsMoveTheOffsetWithTheNextRun() {
        arrive(TaskEvent.newBuilder(ready("sst2"))
                .setReady(null)
                .setOpened(new TaskOpened("tasks.glue.sst2"))
                .build());
        arrive(ready("sst2"));

        await().until(() -> committedOffset() == 2);
        assertThat(completed()).hasSize(1);
    }

    @Test
    void aModelThatWaitsHoldsNoOtherModel() {
        registry.register("other");
        registry.silent.add("glue");
        arrive(ready("sst2"));
        arrive(ready("cola"));
        arrive(ready("other", "mrpc"));

        await().until(() -> !completed().isEmpty());
        assertThat(completed()).extracting(TrainingEvent::getTask).containsExactly("mrpc");
        assertThat(committedOffset()).isZero();
        await().until(() -> loop.health().detail().contains("no answer for glue"));
        assertThat(loop.health().ready()).isFalse();

        registry.silent.clear();
        await().until(() -> completed().size() == 3 && committedOffset() == 3);
        assertThat(completed()).extracting(TrainingEvent::getTask).containsExactly("mrpc", "sst2", "cola");
        await().until(() -> loop.health().ready());
    }

    @Test
    void aRunThatAPersonCancelsStopsAndTheQueueGoesOn() {
        engine.held.put(run("sst2").value(), new CountDownLatch(1));
        arrive(ready("sst2"));
        arrive(ready("cola"));
        await().until(() -> engine.training);

        registry.cancel(TaskId.parse("glue/sst2"), run("sst2"));

        await().until(() -> committedOffset() == 2);
        assertThat(failed()).singleElement().satisfies(event -> {
            assertThat(event.getTask()).isEqualTo("sst2");
            assertThat(event.getFailed().getCode()).isEqualTo("CANCELLED");
            assertThat(event.getFailed().getMessage()).isEqualTo("cancelled by ada: the wrong data");
        });
        assertThat(completed()).extracting(TrainingEvent::getTask).containsExactly("cola");
        assertThat(directory.resolve("runs").resolve(run("sst2").value())).doesNotExist();
    }

    @Test
    void aTaskThatWasCancelledInTheQueueIsNotTrained() {
        registry.cancel(TaskId.parse("glue/sst2"), run("sst2"));
        arrive(ready("sst2"));
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 2);
        assertThat(failed()).extracting(TrainingEvent::getTask).containsExactly("sst2");
        assertThat(engine.runs).hasSize(1);
    }

    @Test
    void aRunThatWaitsForItsRegistryIsCancelledAllTheSame() {
        registry.silent.add("glue");
        arrive(ready("sst2"));
        await().until(() -> loop.health().detail().contains("no answer for glue"));

        registry.cancel(TaskId.parse("glue/sst2"), run("sst2"));

        await().until(() -> committedOffset() == 1);
        assertThat(failed()).extracting(event -> event.getFailed().getCode()).containsExactly("CANCELLED");
    }

    private static RunId run(String task) {
        return new RunId(ready(task).getReady().getRunId());
    }

    @Test
    void runsOfDifferentModelsTrainOneAtATime() {
        registry.register("other");
        engine.release = new CountDownLatch(1);
        arrive(ready("sst2"));
        arrive(ready("other", "mrpc"));

        await().until(() -> engine.training);
        await().during(Duration.ofMillis(300)).until(() -> engine.runs.size() == 1);
        engine.release.countDown();
        await().until(() -> completed().size() == 2);
    }

    @Test
    void anErrorOfTheMachineFailsItsRunOnly() {
        engine.errors.add(new OutOfMemoryError("heap"));
        arrive(ready("sst2"));
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 2);
        assertThat(failed()).singleElement().satisfies(event -> {
            assertThat(event.getFailed().getCode()).isEqualTo("DEFECT");
            assertThat(event.getFailed().getMessage()).contains("OutOfMemoryError");
        });
        assertThat(version("cola")).isEqualTo(1);
    }

    @Test
    void aRunThatEndsTheProcessEachTimeFailsAndTheNextTaskProceeds() {
        dieInTraining("sst2", RunDirectory.MOST_STARTS);
        arrive(ready("sst2"));
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 2);
        assertThat(failed()).singleElement().satisfies(event -> {
            assertThat(event.getTask()).isEqualTo("sst2");
            assertThat(event.getFailed().getCode()).isEqualTo("ENDED_THE_PROCESS");
            assertThat(event.getFailed().getMessage())
                    .contains("run run-sst2 of glue/sst2 was begun 5 times")
                    .contains("smaller batchSize or maxLength");
        });
        assertThat(engine.runs).extracting(run -> run.id().value()).containsExactly("run-cola");
        assertThat(version("cola")).isEqualTo(1);
    }

    @Test
    void aRunThatWasKilledOftenButComesFurtherGoesOn() {
        dieInTraining("sst2", RunDirectory.MOST_STARTS - 1);
        engine.release = new CountDownLatch(1);
        arrive(ready("sst2"));
        await().until(() -> engine.training);
        RunDirectory run = RunDirectory.of(new DataDirectory(directory), new RunId("run-sst2"));
        assertThat(Files.exists(run.starts("train").file())).isTrue();

        engine.steps.countDown();
        await().until(() -> !Files.exists(run.starts("train").file()));
        engine.release.countDown();
        await().until(() -> committedOffset() == 1);
        assertThat(failed()).isEmpty();
    }

    /** As lives before this one leave it that ended while the run was trained. */
    private void dieInTraining(String task, int lives) {
        RunDirectory run = RunDirectory.of(new DataDirectory(directory), new RunId("run-" + task));
        for (int life = 0; life < lives; life++) {
            run.starts("train").begin("an earlier life", "");
        }
    }

    @Test
    void aFailureOfAnyLengthFitsIntoItsEvent() {
        engine.failures.add(new TessellateException(ErrorCode.INVALID_RECIPE, "x".repeat(3_000_000)));
        arrive(ready("sst2"));

        await().until(() -> committedOffset() == 1);
        assertThat(failed().get(0).getFailed().getMessage())
                .hasSizeLessThan(5000)
                .contains("3000000 characters");
    }

    @Test
    void anEarlierTaskThatIsLeftOutIsSaidOnceAndRecordedWithTheResult() {
        engine.leftOut = List.of(
                new EarlierTasks.LeftOut(new TaskName("mnli"), ErrorCode.RECORDS_GONE, "the topic was deleted"));
        engine.failures.add(new RetriableException(ErrorCode.STORAGE, "the disk is full"));
        arrive(ready("sst2"));

        await().until(() -> completed().size() == 1);
        assertThat(published().stream().map(TrainingEvent::getEarlierDataGone).filter(Objects::nonNull))
                .singleElement()
                .satisfies(gone -> {
                    assertThat(gone.getTask()).isEqualTo("mnli");
                    assertThat(gone.getCode()).isEqualTo("RECORDS_GONE");
                });
        assertThat(completed().get(0).getCompleted().getLeftOut())
                .singleElement()
                .satisfies(gone -> assertThat(gone.getReason()).isEqualTo("the topic was deleted"));
    }

    @Test
    void aDatasetOfANameThatCannotBeIsPassedOver() {
        TaskEvent event = ready("sst2");
        event.setTask("../x");
        datasets.apply(ready("cola"));
        send(event);
        arrive(ready("cola"));

        await().until(() -> committedOffset() == 2);
        assertThat(published()).extracting(TrainingEvent::getTask).containsOnly("cola");
    }

    @Test
    void aWorkerThatIsStoppedCommitsNothingAndKeepsItsRunOnDisk() throws InterruptedException {
        engine.release = new CountDownLatch(1);
        arrive(ready("sst2"));
        await().until(() -> engine.training);

        loop.stop();
        thread.join(Duration.ofMinutes(1).toMillis());

        assertThat(engine.training).isFalse();
        assertThat(committedOffset()).isZero();
        assertThat(failed()).isEmpty();
        assertThat(Files.exists(directory.resolve("runs/run-sst2/attempts"))).isTrue();
    }

    @Test
    void aPartitionThatGoesElsewhereStopsItsRun() {
        engine.release = new CountDownLatch(1);
        arrive(ready("sst2"));
        await().until(() -> engine.training);

        consumer.schedulePollTask(() -> consumer.rebalance(List.of()));

        await().until(() -> !engine.training);
        assertThat(committedOffset()).isZero();
        assertThat(failed()).isEmpty();
        assertThat(loop.health().live()).isTrue();
    }

    private void arrive(TaskEvent event) {
        datasets.apply(event);
        send(event);
    }

    private void send(TaskEvent event) {
        long offset = nextOffset++;
        consumer.schedulePollTask(() -> consumer.addRecord(values.record(TOPICS.tasks(), 0, offset, event)));
    }

    private static TaskEvent ready(String task) {
        return ready("glue", task);
    }

    private static TaskEvent ready(String model, String task) {
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel(model)
                .setTask(task)
                .setLabels(List.of("no", "yes"))
                .build();
        TaskReady ready = TaskReady.newBuilder()
                .setRunId("run-" + task)
                .setTopic("tasks.%s.%s".formatted(model, task))
                .setRanges(List.of())
                .setManifest(manifest)
                .setCounts(new RecordCounts(2L, 2L, 0L, 0L))
                .setTrainExamples(1)
                .setEvalExamples(1)
                .setDatasetDigest("0".repeat(64))
                .build();
        return TaskEvent.newBuilder()
                .setModel(model)
                .setTask(task)
                .setAt(Instant.EPOCH)
                .setReady(ready)
                .build();
    }

    private List<TrainingEvent> published() {
        return events.history().stream()
                .map(record -> (TrainingEvent) record.value())
                .toList();
    }

    private List<TrainingEvent> completed() {
        return published().stream()
                .filter(event -> event.getCompleted() != null)
                .toList();
    }

    private List<TrainingEvent> failed() {
        return published().stream().filter(event -> event.getFailed() != null).toList();
    }

    private long committedOffset() {
        return events.consumerGroupOffsetsHistory().stream()
                .flatMap(groups -> groups.values().stream())
                .flatMap(offsets -> offsets.values().stream())
                .mapToLong(offset -> offset.offset())
                .max()
                .orElse(0);
    }

    /** The verdict comes after what was published with the offset. */
    private int version(String task) {
        TaskId id = TaskId.of("glue", task);
        await().until(() -> registry.model(id.model()).versionOf(id.task()).isPresent());
        return registry.model(id.model()).versionOf(id.task()).orElseThrow().number();
    }
}
