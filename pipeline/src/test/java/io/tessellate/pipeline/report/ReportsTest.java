package io.tessellate.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.matrix.AccuracyMatrix;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.view.Counts;
import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.verify.Verification;
import io.tessellate.recipe.RaceCandidate;
import io.tessellate.recipe.RaceResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shapes that scripts rely on, and what people see. */
class ReportsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void aMatrixKeepsItsFieldsAndOrder() {
        MatrixReport report = new MatrixReport(new AccuracyMatrix(
                "glue",
                View.UNION,
                List.of("sst2", "cola"),
                List.of("accuracy", "matthews"),
                List.of(1, 2),
                List.of(List.of(0.9), List.of(0.8, 0.5)),
                0.65,
                -0.1,
                0.1,
                List.of(),
                List.of(0.1, 0.0)));
        assertThat(JSON.valueToTree(report.json()).toString())
                .isEqualTo("{\"model\":\"glue\",\"view\":\"union\",\"tasks\":[\"sst2\",\"cola\"],"
                        + "\"metrics\":[\"accuracy\",\"matthews\"],\"versions\":[1,2],\"matrix\":[[0.9],[0.8,0.5]],"
                        + "\"averageAccuracy\":0.65,\"backwardTransfer\":-0.1,\"forgetting\":0.1,"
                        + "\"measured\":2,\"notMeasured\":[],\"leftOut\":[],\"rows\":[]}");
        assertThat(report.text()).isEqualTo("""
                glue, union view
                version   sst2   cola
                1        0.900
                2        0.800  0.500
                ACC 0.650  BWT -0.100  forgetting 0.100
                """);
    }

    @Test
    void aScoreThatCouldNotBeComputedIsAGapWithItsReason() {
        MatrixReport report = new MatrixReport(new AccuracyMatrix(
                "glue",
                View.UNION,
                List.of("sst2", "cola"),
                List.of("accuracy", "matthews"),
                List.of(1, 2),
                List.of(List.of(0.9), Arrays.asList(null, 0.5)),
                0.5,
                null,
                null,
                List.of(),
                Arrays.asList(null, 0.0),
                1,
                List.of(new AccuracyMatrix.GapAt(2, "sst2", ErrorCode.RECORDS_GONE, "the topic was deleted")),
                List.of(new AccuracyMatrix.PartAt(2, "cola", 3)),
                List.of()));
        JsonNode json = JSON.valueToTree(report.json());
        assertThat(json.path("matrix").toString()).isEqualTo("[[0.9],[null,0.5]]");
        assertThat(json.path("notMeasured").toString())
                .isEqualTo("[{\"version\":2,\"task\":\"sst2\",\"code\":\"RECORDS_GONE\",\"reason\":"
                        + "\"the topic was deleted\"}]");
        assertThat(report.text()).isEqualTo("""
                glue, union view
                version   sst2   cola
                1        0.900
                2            -  0.500
                ACC 0.500  BWT -  forgetting -
                version 2, sst2: not measured, RECORDS_GONE: the topic was deleted
                version 2, cola: 3 eval examples left out, maxLength leaves nothing of their completions
                """);
    }

    @Test
    void aModelWithoutVersionsHasAnEmptyMatrix() {
        MatrixReport report = new MatrixReport(AccuracyMatrix.of(new ModelName("glue"), View.TASK, List.of()));
        assertThat(report.json()).containsEntry("averageAccuracy", null).containsEntry("tasks", List.of());
        assertThat(report.text()).isEqualTo("glue, task view: no version is measured yet\n");
    }

    @Test
    void tasksKeepTheirFields() {
        TaskStatus failed = status(
                "cola",
                new TaskState.Failed(new TaskState.Problem("CAPACITY", "3 weights are free, 5 were asked for")),
                null);
        JsonNode json = JSON.valueToTree(
                new TasksReport(List.of(status("sst2", new TaskState.Evaluated(1), 1), failed)).json());
        assertThat(json.get(0).path("task").asText()).isEqualTo("glue/sst2");
        assertThat(json.get(0).path("state").asText()).isEqualTo("EVALUATED");
        assertThat(json.get(0).path("version").asInt()).isEqualTo(1);
        assertThat(json.get(0).path("read").asInt()).isEqualTo(10);
        assertThat(json.get(0).path("accepted").asInt()).isEqualTo(8);
        assertThat(json.get(0).path("deadLettered").asInt()).isEqualTo(1);
        assertThat(json.get(0).path("duplicates").asInt()).isEqualTo(1);
        assertThat(json.get(0).path("error").isNull()).isTrue();
        assertThat(json.get(1).path("error").asText()).isEqualTo("CAPACITY");
        assertThat(json.get(1).path("message").asText()).isEqualTo("3 weights are free, 5 were asked for");
    }

    @Test
    void aVerdictSaysWhichTaskChanged() {
        Sha256 digest = Sha256.of("x".getBytes(StandardCharsets.UTF_8));
        CertificateReport report = new CertificateReport(new Verification(
                new ModelName("glue"),
                3,
                List.of(new Verification.VerifiedFile("config.json", "/blobs/12/34", null)),
                List.of(
                        new Verification.VerifiedTask(new TaskName("sst2"), 1, digest, null, null),
                        new Verification.VerifiedTask(new TaskName("cola"), 2, digest, null, "its weights moved"),
                        new Verification.VerifiedTask(new TaskName("mrpc"), 3, null, "/blobs/ab/cd", "it is gone"))));
        assertThat(report.json()).containsEntry("ok", false).containsEntry("version", 3);
        assertThat(report.text())
                .contains(
                        "unchanged",
                        "CHANGED",
                        "DAMAGED",
                        "task cola, version 2: its weights moved",
                        "task mrpc, version 3: it is gone",
                        "glue version 3: NOT as it was certified");
        assertThat(report.failure().orElseThrow())
                .hasMessageContaining("task mrpc, version 3: it is gone")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FROZEN_WEIGHT_CHANGED));
        JsonNode damaged = JSON.valueToTree(report.json()).path("tasks").path(2);
        assertThat(damaged.path("path").asText()).isEqualTo("/blobs/ab/cd");
        assertThat(damaged.path("version").asInt()).isEqualTo(3);
        assertThat(damaged.path("sha256").isNull()).isTrue();
    }

    @Test
    void topicsThatNobodyReadsStandBelowTheTasks() {
        TasksReport report = new TasksReport(List.of(), Map.of("tasks.Glue.x", "topic tasks.Glue.x is read by nobody"));
        assertThat(report.text()).isEqualTo("no tasks yet\ntopic tasks.Glue.x is read by nobody\n");
        assertThat(report.json().get(0)).containsEntry("topic", "tasks.Glue.x").containsEntry("state", "NOT_READ");
    }

    @Test
    void belowTheTasksStandsWhatAPersonShouldKnowAboutThem() {
        TaskStatus.Remarks remarks = new TaskStatus.Remarks(
                40,
                3,
                List.of(new TaskStatus.Reason("UNKNOWN_LABEL", 12, "label 'x' is none of [a, b], tasks.glue.sst2-0@7")),
                List.of(new TaskState.Problem("RECORDS_AT_RISK", "retention.ms is 60000")),
                List.of(new TaskState.Problem("NOT_MEASURABLE", "a prompt is longer than maxLength 16")),
                new TaskState.Problem("MODEL_PARKED", "glue waits for you"),
                new RaceResult(
                        List.of(
                                RaceCandidate.of(
                                        Map.of("learningRate", 0.004), List.of(), RaceCandidate.Outcome.DIVERGED),
                                RaceCandidate.of(Map.of("learningRate", 0.0016), List.of(), RaceCandidate.Outcome.WON)),
                        1,
                        36.5,
                        37.5,
                        64,
                        0,
                        "the best"),
                List.of());
        TaskStatus status = new TaskStatus(
                TaskId.of("glue", "sst2"),
                new TaskState.Arriving(),
                null,
                new Counts(10, 8, 1, 1),
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                remarks,
                null);
        TasksReport report = new TasksReport(List.of(status));
        assertThat(report.text())
                .contains(
                        "glue/sst2 is held up: MODEL_PARKED: glue waits for you",
                        "glue/sst2 could not be measured: NOT_MEASURABLE: a prompt is longer",
                        "glue/sst2 12 x UNKNOWN_LABEL, the first: label 'x' is none of [a, b], tasks.glue.sst2-0@7",
                        "glue/sst2 40 records wait for a manifest",
                        "glue/sst2 3 records came after the close",
                        "glue/sst2 was trained with learningRate 0.0016 against 0.004 (diverged): the best; 36.5 of 37.5 steps",
                        "glue/sst2 RECORDS_AT_RISK: retention.ms is 60000");
        assertThat(report.json().get(0)).containsEntry("late", 3L).containsEntry("waiting", 40L);
    }

    private static TaskStatus status(String task, TaskState state, @org.jspecify.annotations.Nullable Integer version) {
        return new TaskStatus(
                TaskId.of("glue", task),
                state,
                version,
                new Counts(10, 8, 1, 1),
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                TaskStatus.Remarks.NONE,
                null);
    }
}
