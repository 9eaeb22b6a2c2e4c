package io.tessellate.ingest;

import static io.tessellate.ingest.IngestBench.SST2;
import static io.tessellate.ingest.IngestBench.example;
import static io.tessellate.ingest.IngestBench.header;
import static io.tessellate.ingest.IngestBench.manifest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.DatasetState;
import io.tessellate.event.Decoding;
import io.tessellate.event.Objective;
import io.tessellate.event.OffsetRange;
import io.tessellate.event.Recipe;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskReady;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the topology says to well-formed and to bad input. */
final class IngestTopologyTest {
    private final IngestBench bench = new IngestBench();

    @AfterEach
    void closeBench() {
        bench.close();
    }

    private void push(TaskId task, int records) {
        for (int i = 0; i < records; i++) {
            pushOne(task, i);
        }
    }

    private void pushOne(TaskId task, int number) {
        String split = number % 4 == 3 ? "eval" : "train";
        bench.record(task, example("id-" + number, split, "text " + number, number % 2 == 0 ? "positive" : "negative"));
    }

    private RecordCounts counts(long read, long accepted, long deadLettered, long duplicates) {
        return new RecordCounts(read, accepted, deadLettered, duplicates);
    }

    private static TaskReady ready(List<TaskEvent> events) {
        return events.stream()
                .map(TaskEvent::getReady)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theTopologyIsTheOneThatWasReviewed() throws IOException {
        try (InputStream expected =
                Objects.requireNonNull(IngestTopologyTest.class.getResourceAsStream("/topology.txt"), "topology.txt")) {
            assertThat(bench.topology().describe().toString().strip())
                    .isEqualTo(new String(expected.readAllBytes(), UTF_8).strip());
        }
    }

    @Test
    void aDatasetClosesAsSoonAsTheAnnouncedRecordsWereRead() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 7);
        assertThat(bench.last(SST2).getReady()).isNull();
        pushOne(SST2, 7);

        assertThat(bench.events(SST2).get(0).getOpened().getTopic()).isEqualTo("tasks.glue.sst2");
        TaskReady ready = bench.last(SST2).getReady();
        assertThat(ready.getCounts()).isEqualTo(counts(8, 8, 0, 0));
        assertThat(ready.getTrainExamples()).isEqualTo(6);
        assertThat(ready.getEvalExamples()).isEqualTo(2);
        assertThat(ready.getRanges()).containsExactly(new OffsetRange(0, 0L, 8L));
        assertThat(ready.getTopic()).isEqualTo("tasks.glue.sst2");
        assertThat(ready.getRunId())
                .isEqualTo(RunId.of(SST2, new Sha256(ready.getDatasetDigest()), "{}")
                        .value());
    }

    @Test
    void recordsThatComeBeforeTheManifestWaitForIt() {
        push(SST2, 8);
        bench.pass(Duration.ofSeconds(6));
        assertThat(bench.last(SST2).getCounted().getWaiting()).isEqualTo(8);
        assertThat(bench.last(SST2).getCounted().getCounts()).isEqualTo(counts(0, 0, 0, 0));

        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(counts(8, 8, 0, 0));
    }

    @Test
    void manyWaitingRecordsAreServedInTurns() {
        push(SST2, 1_800);
        bench.manifest(manifest(SST2).setExpectedRecords(1_800L));
        assertThat(bench.last(SST2).getReady()).isNull();
        bench.pass(Duration.ofMillis(100));
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(counts(1_800, 1_800, 0, 0));
    }

    @Test
    void withoutAnAnnouncedNumberTheDatasetClosesWhenItHasBeenQuiet() {
        push(SST2, 8);
        bench.manifest(manifest(SST2));
        bench.pass(Duration.ofSeconds(9));
        pushOne(SST2, 0);
        bench.pass(Duration.ofSeconds(9));
        assertThat(bench.last(SST2).getReady()).isNull();
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(counts(9, 8, 0, 1));
    }

    @Test
    void anOpenManifestClosesNothing() {
        bench.manifest(manifest(SST2).setState(DatasetState.OPEN).setExpectedRecords(8L));
        push(SST2, 8);
        bench.pass(Duration.ofMinutes(5));
        assertThat(bench.last(SST2).getReady()).isNull();
        assertThat(bench.last(SST2).getRejected()).isNull();
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(bench.last(SST2).getReady()).isNotNull();
    }

    @Test
    void aBadRecordIsPutAsideWithItsBytesKeyHeadersAndReason() {
        bench.manifest(manifest(SST2).setExpectedRecords(9L).setTolerance(0.5));
        byte[] key = "my-key".getBytes(UTF_8);
        byte[] value = {1, 2, 3};
        var record = new TestRecord<>(key, value, Instant.ofEpochMilli(1234));
        record.headers().add("trace", "abc".getBytes(UTF_8));
        bench.record(SST2, record);
        push(SST2, 8);

        TestRecord<String, byte[]> letter = bench.letters().get(0);
        assertThat(letter.key()).isEqualTo("glue/sst2");
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.timestamp()).isEqualTo(bench.now());
        assertThat(header(letter, "trace")).isEqualTo("abc");
        assertThat(header(letter, "tessellate.key")).isEqualTo("my-key");
        assertThat(header(letter, "tessellate.code")).isEqualTo("UNDECODABLE");
        assertThat(header(letter, "tessellate.reason")).contains("Confluent's header");
        assertThat(header(letter, "__connect.errors.topic")).isEqualTo("tasks.glue.sst2");
        assertThat(header(letter, "__connect.errors.partition")).isEqualTo("0");
        assertThat(header(letter, "__connect.errors.offset")).isEqualTo("0");
        assertThat(header(letter, "tessellate.timestamp")).isEqualTo("1234");
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(counts(9, 8, 1, 0));
        assertThat(bench.last(SST2).getReady().getRanges()).containsExactly(new OffsetRange(0, 0L, 9L));
    }

    @Test
    void everyKindOfBadRecordHasItsCode() {
        bench.manifest(manifest(SST2));
        bench.record(SST2, example("1", "train", "a text", "neutral"));
        bench.record(SST2, example("2", "validation", "a text", "positive"));
        bench.record(SST2, example("3", "train", "x".repeat(101), "positive"));
        bench.record(SST2, example("4", "train", " ", "positive"));
        bench.record(SST2, example("5", "train", null, "positive"));
        bench.record(SST2, example("6", "train", "a text", null));
        bench.bytes(SST2, null, null);
        bench.bytes(SST2, null, new byte[] {0, 0, 0, 99, 99, 1, 2});
        assertThat(bench.letters())
                .extracting(letter -> header(letter, "tessellate.code"))
                .containsExactly(
                        "UNKNOWN_LABEL",
                        "UNKNOWN_SPLIT",
                        "TEXT_TOO_LONG",
                        "INVALID_FIELD",
                        "MISSING_FIELD",
                        "MISSING_FIELD",
                        "UNDECODABLE",
                        "UNDECODABLE");
    }

    @Test
    void moreBadRecordsThanToleratedRejectTheDataset() {
        bench.manifest(manifest(SST2).setExpectedRecords(10L).setTolerance(0.1));
        bench.record(SST2, example("a", "train", "text", "neutral"));
        bench.record(SST2, example("b", "train", "text", "neutral"));
        push(SST2, 8);
        TaskEvent event = bench.last(SST2);
        assertThat(event.getRejected().getCode()).isEqualTo("TOO_MANY_BAD_RECORDS");
        assertThat(event.getRejected().getMessage()).isEqualTo("2 of 10 records are bad, tolerated is a share of 0.1");
        assertThat(event.getRejected().getCounts()).isEqualTo(counts(10, 8, 2, 0));
    }

    @Test
    void anEmptySplitRejectsTheDataset() {
        bench.manifest(manifest(SST2).setExpectedRecords(2L));
        bench.record(SST2, example("a", "train", "text", "positive"));
        bench.record(SST2, example("b", "train", "text", "negative"));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("EMPTY_SPLIT");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("2 examples to train and 0 to eval");
    }

    @Test
    void anAnnouncedDigestIsChecked() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L).setDatasetDigest("0".repeat(64)));
        push(SST2, 8);
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("DIGEST_MISMATCH");
    }

    @Test
    void announcedRecordsThatDoNotComeRejectTheDatasetWhenPatienceEnds() {
        bench.manifest(manifest(SST2).setExpectedRecords(9L));
        push(SST2, 8);
        bench.pass(Duration.ofSeconds(59));
        assertThat(bench.events(SST2)).noneMatch(event -> event.getRejected() != null);
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("COUNT_MISMATCH");
        assertThat(bench.last(SST2).getRejected().getMessage()).isEqualTo("8 of 9 announced records were read");
    }

    @Test
    void aManifestAloneMendsWhatOnlyTheManifestHadWrong() {
        bench.manifest(manifest(SST2).setExpectedRecords(9L));
        push(SST2, 8);
        bench.pass(Duration.ofSeconds(61));
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(counts(8, 8, 0, 0));
        assertThat(bench.last(SST2).getReady().getRanges()).containsExactly(new OffsetRange(0, 0L, 8L));
    }

    @Test
    void aRejectedDatasetCanBePushedAnew() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L).setLabels(List.of("bad", "good")));
        push(SST2, 8);
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("TOO_MANY_BAD_RECORDS");

        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 8);
        assertThat(bench.last(SST2).getReady().getCounts()).isEqualTo(counts(8, 8, 0, 0));
        assertThat(bench.last(SST2).getReady().getRanges()).containsExactly(new OffsetRange(0, 8L, 16L));
    }

    @Test
    void otherRulesInTheMiddleOfADatasetBeginItAnew() {
        bench.manifest(manifest(SST2).setState(DatasetState.OPEN).setLabels(List.of("bad", "good")));
        push(SST2, 3);
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(bench.events(SST2))
                .anyMatch(event -> event.getRejected() != null
                        && event.getRejected().getCode().equals("INVALID_MANIFEST"));
        push(SST2, 8);
        assertThat(bench.last(SST2).getReady().getRanges()).containsExactly(new OffsetRange(0, 3L, 11L));
    }

    @Test
    void lateRecordsArePutAsideAndLateDuplicatesCounted() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 8);
        push(SST2, 2);
        bench.record(SST2, example("new", "train", "new text", "positive"));
        bench.bytes(SST2, null, new byte[] {7});
        assertThat(bench.letters())
                .extracting(letter -> header(letter, "tessellate.code"))
                .containsExactly("DATASET_CLOSED", "DATASET_CLOSED");
        bench.pass(Duration.ofSeconds(6));
        assertThat(bench.last(SST2).getCounted().getCounts()).isEqualTo(counts(12, 8, 2, 2));
    }

    @Test
    void theSameManifestAgainIsADuplicateOfItsOwnTask() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 8);
        String digest = bench.last(SST2).getReady().getDatasetDigest();
        bench.manifest(manifest(SST2).setExpectedRecords(8L).setState(DatasetState.OPEN));
        assertThat(bench.last(SST2).getReady()).as("an open one says nothing").isNotNull();
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(bench.last(SST2).getDuplicate().getDuplicateOf()).isEqualTo("sst2");
        assertThat(bench.last(SST2).getDuplicate().getDatasetDigest()).isEqualTo(digest);
    }

    @Test
    void anotherManifestForAClosedTaskIsRefusedAndTheResultStands() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 8);
        bench.manifest(manifest(SST2)
                .setExpectedRecords(8L)
                .setRecipe(Recipe.newBuilder().setSeed(7L).build()));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("TASK_CLOSED");
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(bench.last(SST2).getDuplicate().getDuplicateOf()).isEqualTo("sst2");
    }

    @Test
    void theSameDatasetUnderAnotherNameIsADuplicateUnlessTheRecipeDiffers() {
        TaskId copy = TaskId.parse("glue/copy");
        TaskId variant = TaskId.parse("glue/variant");
        TaskId elsewhere = TaskId.parse("other/sst2");
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 8);
        bench.manifest(manifest(copy).setExpectedRecords(8L));
        push(copy, 8);
        bench.manifest(manifest(variant)
                .setExpectedRecords(8L)
                .setRecipe(Recipe.newBuilder().setMethod("lotto").build()));
        push(variant, 8);
        bench.manifest(manifest(elsewhere).setExpectedRecords(8L));
        push(elsewhere, 8);
        assertThat(bench.last(copy).getDuplicate().getDuplicateOf()).isEqualTo("sst2");
        assertThat(bench.last(variant).getReady()).isNotNull();
        assertThat(bench.last(elsewhere).getReady()).isNotNull();
    }

    @Test
    void aBadManifestIsPutAsideAndSaidWithAllItsProblems() {
        bench.manifestBytes("glue/sst2", "{}".getBytes(UTF_8));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("UNDECODABLE");
        bench.manifest(manifest(SST2).setLabels(List.of("one")).setTolerance(2.0));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("INVALID_MANIFEST");
        assertThat(bench.last(SST2).getRejected().getMessage())
                .contains("two classes")
                .contains("tolerance");
        bench.manifest(
                manifest(SST2).setRecipe(Recipe.newBuilder().setMethod("lotta").build()));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("INVALID_RECIPE");
        assertThat(bench.letters()).hasSize(3);

        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 8);
        assertThat(bench.last(SST2).getReady()).isNotNull();
    }

    @Test
    void aDecodingThatDoesNotFitIsRefusedAndTheTaskCanBeMended() {
        bench.manifest(manifest(SST2).setDecoding(new Decoding(0.6, 50, 0.9, null, 512)));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("INVALID_MANIFEST");
        assertThat(bench.last(SST2).getRejected().getMessage())
                .isEqualTo("decoding needs a metric of generated texts"
                        + " [exact_match, gsm8k, rouge1, rouge2, rougel], which 'accuracy' is not");
        bench.manifest(texts(SST2).setDecoding(new Decoding(-1.0, null, null, null, null)));
        assertThat(bench.last(SST2).getRejected().getMessage())
                .isEqualTo("decoding.temperature must be a number of at least 0.0: -1.0");
        assertThat(bench.letters()).hasSize(2);

        bench.manifest(texts(SST2).setDecoding(new Decoding(0.6, 50, 0.9, null, 512)));
        pushTexts(SST2);
        assertThat(bench.last(SST2).getReady().getManifest().getDecoding())
                .isEqualTo(new Decoding(0.6, 50, 0.9, null, 512));
    }

    @Test
    void theSameTextsDecodedOtherwiseAreNoDuplicate() {
        TaskId drawn = TaskId.parse("glue/drawn");
        TaskId again = TaskId.parse("glue/again");
        TaskId greedy = TaskId.parse("glue/greedy");
        bench.manifest(texts(SST2));
        pushTexts(SST2);
        bench.manifest(texts(drawn).setDecoding(new Decoding(0.6, null, null, null, null)));
        pushTexts(drawn);
        bench.manifest(texts(again).setDecoding(new Decoding(0.6, 0, 1.0, 0L, null)));
        pushTexts(again);
        bench.manifest(texts(greedy).setDecoding(new Decoding(0.0, null, null, null, null)));
        pushTexts(greedy);
        assertThat(bench.last(drawn).getReady().getManifest().getDecoding())
                .isEqualTo(new Decoding(0.6, null, null, null, null));
        assertThat(bench.last(again).getDuplicate().getDuplicateOf()).isEqualTo("drawn");
        assertThat(bench.last(greedy).getDuplicate().getDuplicateOf()).isEqualTo("sst2");
    }

    private static TaskManifest.Builder texts(TaskId task) {
        return manifest(task)
                .setObjective(Objective.GENERATION)
                .setLabels(List.of())
                .setMetric("rougel")
                .setExpectedRecords(2L);
    }

    private void pushTexts(TaskId task) {
        for (String split : List.of("train", "eval")) {
            bench.record(
                    task,
                    TaskExample.newBuilder()
                            .setSplit(split)
                            .setPrompt("a prompt to " + split)
                            .setCompletion(" a text")
                            .build());
        }
    }

    @Test
    void aManifestWithoutAReadableKeyIsPutAside() {
        bench.manifestBytes(null, new byte[] {0});
        bench.manifestBytes("no slash", new byte[] {0});
        assertThat(bench.said()).isEmpty();
        assertThat(bench.letters())
                .extracting(letter -> header(letter, "tessellate.code"))
                .containsExactly("INVALID_MANIFEST", "INVALID_MANIFEST");
    }

    @Test
    void aDeletedManifestChangesNothing() {
        bench.manifestBytes("glue/sst2", null);
        assertThat(bench.said()).isEmpty();
        assertThat(bench.letters()).isEmpty();
    }

    @Test
    void nothingIsLostOrPutAsideWhileTheRegistryIsAway() {
        bench.registry.away(true);
        push(SST2, 4);
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 4);
        bench.pass(Duration.ofMinutes(3));
        assertThat(bench.letters()).isEmpty();
        assertThat(bench.events(SST2)).noneMatch(event -> event.getRejected() != null);
        bench.registry.away(false);
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.events(SST2)).noneMatch(event -> event.getReady() != null);
        bench.pass(Duration.ofSeconds(11));
        assertThat(ready(bench.events(SST2)).getCounts()).isEqualTo(counts(8, 4, 0, 4));
    }

    @Test
    void everyEventCarriesCloudEventHeaders() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        var record = bench.said().get(0);
        assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(record, "ce_type")).isEqualTo("io.tessellate.task-opened");
        assertThat(header(record, "ce_subject")).isEqualTo("glue/sst2");
        assertThat(record.key()).isEqualTo("glue");
    }

    @Test
    void theMetersAddUp() {
        bench.manifest(manifest(SST2).setExpectedRecords(20L).setTolerance(0.5));
        push(SST2, 8);
        push(SST2, 3);
        bench.record(SST2, example("x", "train", "text", "neutral"));
        double read = bench.meters.counter("tessellate.ingest.records.read").count();
        double parts = bench.meters
                        .counter("tessellate.ingest.records.accepted")
                        .count()
                + bench.meters.counter("tessellate.ingest.records.duplicates").count()
                + bench.meters
                        .counter("tessellate.ingest.records.dead.lettered", "code", "UNKNOWN_LABEL")
                        .count();
        assertThat(read).isEqualTo(12).isEqualTo(parts);
    }
}
