package io.tessellate.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Objective;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskDuplicate;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskReady;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetIndexTest {
    private static final TaskId SST2 = TaskId.of("glue", "sst2");
    private static final TaskId COLA = TaskId.of("glue", "cola");

    private final DatasetIndex datasets = new DatasetIndex();

    @Test
    void aDatasetIsFoundByTaskAndContent() {
        close(SST2, "run-1", "first");
        close(SST2, "run-2", "second");
        assertThat(datasets.require(SST2, digest("first")).run()).isEqualTo(new RunId("run-1"));
        assertThat(datasets.find(COLA, digest("first"))).isEmpty();
        assertThat(datasets.newest(SST2)).map(ClosedDataset::run).contains(new RunId("run-2"));
    }

    @Test
    void whatNoEventNamesIsUnknown() {
        assertThatThrownBy(() -> datasets.require(SST2, digest("first")))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TASK))
                .hasMessage("dataset %s of glue/sst2 is in no event", digest("first"));
    }

    @Test
    void beforeARunAreTheDatasetsOfItsModelThatWereClosedEarlier() {
        close(SST2, "run-1", "first");
        close(TaskId.of("other", "sst2"), "run-2", "first");
        close(COLA, "run-3", "first");
        assertThat(datasets.before(SST2.model(), new RunId("run-3")))
                .hasValueSatisfying(before ->
                        assertThat(before).extracting(ClosedDataset::task).containsExactly(SST2));
        assertThat(datasets.before(SST2.model(), new RunId("run-1"))).contains(List.of());
        assertThat(datasets.before(SST2.model(), new RunId("run-2"))).isEmpty();
    }

    @Test
    void aDatasetThatCameAgainUnderAnotherNameHasAnOriginalUntilTheNameIsItsOwn() {
        close(SST2, "run-1", "first");
        recognise(COLA, SST2);
        recognise(SST2, SST2);
        assertThat(datasets.original(COLA)).contains(SST2);
        assertThat(datasets.original(SST2)).isEmpty();
        close(COLA, "run-2", "second");
        assertThat(datasets.original(COLA)).isEmpty();
    }

    private void recognise(TaskId task, TaskId original) {
        datasets.apply(TaskEvent.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setAt(Instant.EPOCH)
                .setDuplicate(TaskDuplicate.newBuilder()
                        .setDuplicateOf(original.task().value())
                        .setDatasetDigest(digest("first").hex())
                        .setCounts(new RecordCounts(2L, 2L, 0L, 0L))
                        .build())
                .build());
    }

    private void close(TaskId task, String run, String content) {
        datasets.apply(TaskEvent.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setAt(Instant.EPOCH)
                .setReady(TaskReady.newBuilder()
                        .setRunId(run)
                        .setTopic("tasks.%s.%s".formatted(task.model(), task.task()))
                        .setRanges(List.of())
                        .setManifest(TaskManifest.newBuilder()
                                .setModel(task.model().value())
                                .setTask(task.task().value())
                                .setObjective(Objective.CLASSIFICATION)
                                .setLabels(List.of("no", "yes"))
                                .build())
                        .setCounts(new RecordCounts(2L, 2L, 0L, 0L))
                        .setTrainExamples(1)
                        .setEvalExamples(1)
                        .setDatasetDigest(digest(content).hex())
                        .build())
                .build());
    }

    private static Sha256 digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
