package io.tessellate.ingest;

import static io.tessellate.ingest.IngestBench.SST2;
import static io.tessellate.ingest.IngestBench.example;
import static io.tessellate.ingest.IngestBench.header;
import static io.tessellate.ingest.IngestBench.manifest;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.DatasetState;
import io.tessellate.event.OffsetRange;
import io.tessellate.event.Recipe;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TaskRejected;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.arrival.SourcePosition;
import io.tessellate.ingest.source.TopicSighting;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.mask.grant.Ownership;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When an attempt at a dataset ends, and what the next one is made of. */
final class AttemptsTest {
    private static final TaskId COPY = TaskId.parse("glue/copy");

    private final IngestBench bench = new IngestBench();

    @AfterEach
    void closeBench() {
        bench.close();
    }

    private byte[] bytes(TaskId task, int number, String text) {
        return bench.encode(
                task, example("id-" + number, number % 4 == 3 ? "eval" : "train", text + number, "positive"));
    }

    private void push(TaskId task, int from, int to) {
        push(task, from, to, "text ");
    }

    private void push(TaskId task, int from, int to, String text) {
        for (int i = from; i < to; i++) {
            bench.bytes(task, null, bytes(task, i, text));
        }
    }

    /** Records of a topic that begins at offset 0. */
    private void pushFromTheBeginning(int records, String text) {
        for (int i = 0; i < records; i++) {
            bench.arrival(SST2, new SourcePosition(0, i), bytes(SST2, i, text));
        }
    }

    private List<TaskReady> ready(TaskId task) {
        return bench.events(task).stream()
                .map(TaskEvent::getReady)
                .filter(Objects::nonNull)
                .toList();
    }

    private List<String> notes() {
        return bench.events(SST2).stream()
                .map(TaskEvent::getNoted)
                .filter(Objects::nonNull)
                .map(noted -> noted.getCode() + ": " + noted.getMessage())
                .toList();
    }

    @Test
    void aTaskWhoseRunFailedCanBePushedAgainWithAnotherRecipe() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 8);
        bench.downstream.failed.add(ready(SST2).get(0).getRunId());

        bench.manifest(manifest(SST2)
                .setExpectedRecords(8L)
                .setRecipe(Recipe.newBuilder().setSeed(7L).build()));
        push(SST2, 0, 8);
        assertThat(bench.events(SST2)).noneMatch(event -> event.getRejected() != null);
        assertThat(ready(SST2)).hasSize(2);
        assertThat(ready(SST2).get(1).getRanges()).containsExactly(new OffsetRange(0, 8L, 16L));
        assertThat(bench.events(SST2))
                .filteredOn(event -> event.getOpened() != null)
                .hasSize(2);
    }

    @Test
    void theSameDataAgainAfterAFailureIsANewRunAndNoDuplicate() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 8);
        String failed = ready(SST2).get(0).getRunId();
        bench.downstream.failed.add(failed);

        bench.pass(Duration.ofSeconds(2));
        push(SST2, 0, 8);
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(ready(SST2)).hasSize(2);
        assertThat(ready(SST2).get(1).getRunId()).isNotEqualTo(failed);
        assertThat(ready(SST2).get(1).getDatasetDigest())
                .isEqualTo(ready(SST2).get(0).getDatasetDigest());
    }

    @Test
    void theSameDataUnderAnotherNameIsNoDuplicateOfWhatFailed() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 8);
        bench.downstream.failed.add(ready(SST2).get(0).getRunId());
        bench.manifest(manifest(COPY).setExpectedRecords(8L));
        push(COPY, 0, 8);
        assertThat(ready(COPY)).hasSize(1);
        assertThat(bench.last(COPY).getDuplicate()).isNull();
    }

    @Test
    void aRecipeThatTheRegistryWouldNeverGrantIsRefusedWhenItsManifestArrives() {
        var space = new ParameterSpace(List.of(new EligibleTensor("layer.0.weight", 16, 16)));
        bench.downstream.models.put("glue", new GrantRule(space, Ownership.EXCLUSIVE));
        bench.manifest(manifest(SST2)
                .setExpectedRecords(8L)
                .setRecipe(Recipe.newBuilder().setMethod("full").build()));
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("INVALID_RECIPE");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("shared ownership");

        bench.manifest(manifest(SST2)
                .setExpectedRecords(8L)
                .setRecipe(
                        Recipe.newBuilder().setMethod("lotto").setDensity(0.5).build()));
        push(SST2, 0, 8);
        assertThat(ready(SST2)).hasSize(1);
    }

    @Test
    void aTopicCreatedAgainIsNeverMixedWithWhatItHeldBefore() {
        pushFromTheBeginning(8, "old ");
        pushFromTheBeginning(8, "new ");
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        bench.pass(Duration.ofMillis(200));
        assertThat(notes())
                .singleElement()
                .asString()
                .startsWith("TOPIC_RECREATED: offset 0 of partition 0 came again")
                .contains("8 records read before are left out");
        assertThat(ready(SST2)).singleElement().satisfies(now -> {
            assertThat(now.getCounts()).isEqualTo(new RecordCounts(8L, 8L, 0L, 0L));
            assertThat(now.getRanges()).containsExactly(new OffsetRange(0, 0L, 8L));
        });
        assertThat(bench.letters()).isEmpty();
    }

    @Test
    void aTopicCreatedAgainIsNoticedByItsIdentityTooAndTheManifestStays() {
        pushFromTheBeginning(8, "old ");
        bench.pass(Duration.ofMillis(200));
        bench.topicsSeen.seen = new TopicSighting(true, "second", List.of(), Map.of(), Map.of(), Map.of());
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        assertThat(notes()).singleElement().asString().startsWith("TOPIC_RECREATED: its topic has another identity");
        assertThat(ready(SST2)).isEmpty();

        pushFromTheBeginning(8, "new ");
        assertThat(ready(SST2)).hasSize(1);
        assertThat(bench.letters()).isEmpty();
    }

    @Test
    void recordsOfAPushBeforeTheOneThatIsJudgedAreSaidToBeToo() {
        push(SST2, 0, 2);
        push(SST2, 2, 6);
        bench.manifest(manifest(SST2).setState(DatasetState.OPEN));
        bench.manifest(manifest(SST2).setExpectedRecords(4L).setDatasetDigest("f".repeat(64)));
        bench.pass(Duration.ofMillis(300));
        assertThat(bench.last(SST2).getRejected().getMessage())
                .endsWith("; 2 more records were read than announced, perhaps of a push before this one: push again");
    }

    @Test
    void recordsOfATopicCreatedAgainThatLieBelowWhatWasReadAreNamedAndPushingAgainPutsItRight() {
        bench.manifest(manifest(SST2).setExpectedRecords(9L));
        push(SST2, 0, 8);
        bench.pass(Duration.ofMillis(200));
        bench.topicsSeen.seen = new TopicSighting(true, "second", List.of(), Map.of(0, 0L), Map.of(0, 8L), Map.of());
        bench.pass(Duration.ofMinutes(10));
        bench.pass(Duration.ofMinutes(10));
        assertThat(notes()).singleElement().asString().startsWith("TOPIC_RECREATED");
        TaskRejected rejected = bench.last(SST2).getRejected();
        assertThat(rejected.getCode()).isEqualTo("COUNT_MISMATCH");
        assertThat(rejected.getMessage())
                .startsWith("0 of 9 announced records were read: topic tasks.glue.sst2 was deleted and created again")
                .contains("partition 0 from offset 0 up to 8 lie below the offset that had been read so far")
                .contains("push them again");

        bench.topicsSeen.seen = new TopicSighting(true, "second", List.of(), Map.of(0, 0L), Map.of(0, 17L), Map.of());
        push(SST2, 8, 17);
        bench.manifest(manifest(SST2).setExpectedRecords(9L));
        assertThat(ready(SST2))
                .singleElement()
                .satisfies(now -> assertThat(now.getRanges()).containsExactly(new OffsetRange(0, 8L, 17L)));
        assertThat(bench.letters()).isEmpty();
    }

    @Test
    void aPartOfATopicCreatedAgainIsNeverCalledTheWholeOfIt() {
        bench.manifest(manifest(SST2));
        push(SST2, 0, 8);
        bench.pass(Duration.ofMillis(200));
        bench.topicsSeen.seen = new TopicSighting(true, "second", List.of(), Map.of(0, 0L), Map.of(0, 16L), Map.of());
        bench.pass(Duration.ofSeconds(11));
        push(SST2, 8, 16);
        bench.pass(Duration.ofSeconds(11));
        bench.pass(Duration.ofSeconds(11));
        assertThat(ready(SST2)).isEmpty();
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("TOPIC_RECREATED");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("partition 0 from offset 0 up to 8 lie below");
    }

    @Test
    void aClosedTaskWhoseTopicIsCreatedAgainStaysClosedAndSaysSo() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        pushFromTheBeginning(8, "old ");
        pushFromTheBeginning(2, "new ");
        assertThat(notes()).singleElement().asString().contains("was closed before and stays so");
        assertThat(bench.letters())
                .extracting(letter -> header(letter, "tessellate.code"))
                .containsExactly("DATASET_CLOSED", "DATASET_CLOSED");
    }

    @Test
    void aTopicThatCanLoseRecordsIsSaidOnceWhenTheTaskOpens() {
        bench.topicsSeen.seen = new TopicSighting(
                true,
                "first",
                List.of("retention.ms=604800000 deletes records after 7 days"),
                Map.of(),
                Map.of(),
                Map.of());
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 4);
        bench.pass(Duration.ofMillis(300));
        bench.pass(Duration.ofMillis(300));
        assertThat(notes())
                .singleElement()
                .asString()
                .startsWith("RECORDS_AT_RISK: topic tasks.glue.sst2 can lose records")
                .contains("after 7 days");
        push(SST2, 4, 8);
        assertThat(ready(SST2)).hasSize(1);
        assertThat(notes()).hasSize(1);
    }

    @Test
    void aTopicThatCanLoseRecordsIsSaidAlsoOfATaskThatClosesAtOnce() {
        bench.topicsSeen.seen =
                new TopicSighting(true, "first", List.of("retention.bytes=1"), Map.of(), Map.of(), Map.of());
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 8);
        assertThat(ready(SST2)).hasSize(1);
        assertThat(notes()).singleElement().asString().contains("retention.bytes=1");
    }

    @Test
    void recordsThatAreGoneBeforeTheCloseRejectTheTask() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 7);
        bench.topicsSeen.seen = new TopicSighting(true, "first", List.of(), Map.of(0, 5L), Map.of(), Map.of());
        push(SST2, 7, 8);
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("RECORDS_GONE");
        assertThat(bench.last(SST2).getRejected().getMessage())
                .contains("tasks.glue.sst2 partition 0 from offset 0 up to 5 are gone");
    }

    @Test
    void recordsThatWereCompactedAwayRejectTheTask() {
        bench.topicsSeen.seen =
                new TopicSighting(true, "first", List.of("compact"), Map.of(0, 0L), Map.of(), Map.of(0, 6L));
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 8);
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("RECORDS_GONE");
        assertThat(bench.last(SST2).getRejected().getMessage())
                .contains("2 of 8 records")
                .contains("compacted");
    }

    @Test
    void aTopicThatIsDeletedBeforeTheCloseRejectsTheTask() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 7);
        bench.topicsSeen.seen = TopicSighting.missing();
        push(SST2, 7, 8);
        assertThat(bench.last(SST2).getRejected().getCode()).isEqualTo("RECORDS_GONE");
        assertThat(bench.last(SST2).getRejected().getMessage()).contains("no longer exists");
    }

    @Test
    void quietAndPatienceEndOnlyOnceEverythingInTheTopicsIsRead() {
        bench.topicsSeen.read = false;
        bench.manifest(manifest(SST2));
        push(SST2, 0, 8);
        bench.manifest(manifest(COPY).setExpectedRecords(9L));
        push(COPY, 0, 8);
        bench.pass(Duration.ofMinutes(10));
        assertThat(ready(SST2)).isEmpty();
        assertThat(bench.events(COPY)).noneMatch(event -> event.getRejected() != null);

        push(SST2, 8, 16);
        bench.topicsSeen.answer();
        bench.pass(Duration.ofMillis(500));
        assertThat(ready(SST2))
                .as("what was asked before the last record came says nothing")
                .isEmpty();
        bench.pass(Duration.ofSeconds(11));
        assertThat(ready(SST2).get(0).getCounts()).isEqualTo(new RecordCounts(16L, 16L, 0L, 0L));
        assertThat(bench.events(COPY)).anyMatch(event -> event.getRejected() != null);
    }

    @Test
    void whatComesWhileTheTopicIsLookedAtWaits() {
        bench.topicsSeen.answers = false;
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 9);
        bench.pass(Duration.ofMinutes(2));
        assertThat(ready(SST2)).isEmpty();
        bench.topicsSeen.answer();
        bench.pass(Duration.ofMillis(200));
        assertThat(ready(SST2).get(0).getCounts()).isEqualTo(new RecordCounts(8L, 8L, 0L, 0L));
        assertThat(bench.letters())
                .extracting(letter -> header(letter, "tessellate.code"))
                .containsExactly("DATASET_CLOSED");
    }

    @Test
    void anInterruptedPushThatIsPushedAgainTrainsOnAllOfIt() {
        push(SST2, 0, 6);
        push(SST2, 0, 8);
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        bench.pass(Duration.ofMillis(200));
        assertThat(ready(SST2)).as("8 of 14 records are not all of it").isEmpty();
        bench.pass(Duration.ofSeconds(11));
        assertThat(ready(SST2).get(0).getCounts()).isEqualTo(new RecordCounts(14L, 8L, 0L, 6L));
        assertThat(notes()).isEmpty();
    }

    @Test
    void repeatsThatMakeUpTheAnnouncedNumberAreSaid() {
        bench.manifest(manifest(SST2).setExpectedRecords(10L));
        push(SST2, 0, 8);
        push(SST2, 0, 2);
        bench.pass(Duration.ofSeconds(11));
        assertThat(ready(SST2).get(0).getCounts()).isEqualTo(new RecordCounts(10L, 8L, 0L, 2L));
        assertThat(notes())
                .containsExactly("COUNT_MISMATCH: 10 records were announced; of the 10 that were read 2 repeat others");
    }

    @Test
    void anIdThatComesAgainWithAnotherContentIsADeadLetterOncePerContent() {
        bench.manifest(manifest(SST2).setExpectedRecords(12L).setTolerance(0.5));
        push(SST2, 0, 8);
        push(SST2, 0, 1, "other ");
        push(SST2, 0, 1, "other ");
        push(SST2, 0, 1);
        push(SST2, 0, 1, "third ");
        bench.pass(Duration.ofSeconds(11));
        assertThat(bench.letters())
                .extracting(letter -> header(letter, "tessellate.code"))
                .containsExactly("DUPLICATE_ID", "DUPLICATE_ID");
        assertThat(header(bench.letters().get(0), "tessellate.reason"))
                .isEqualTo("id 'id-0' came with another content at partition 0 offset 0, which counts");
        assertThat(ready(SST2).get(0).getCounts()).isEqualTo(new RecordCounts(12L, 8L, 2L, 2L));
    }

    @Test
    void anEarlierPositionTakesTheIdFromALaterOneWhichIsPutAsideWithoutItsBytes() {
        bench.manifest(manifest(SST2).setExpectedRecords(9L).setTolerance(0.5));
        for (int i = 0; i < 8; i++) {
            bench.arrival(SST2, new SourcePosition(1, i), bytes(SST2, i, "text "));
        }
        bench.arrival(SST2, new SourcePosition(0, 0), bytes(SST2, 0, "first "));
        assertThat(bench.letters()).singleElement().satisfies(letter -> {
            assertThat(header(letter, "tessellate.code")).isEqualTo("DUPLICATE_ID");
            assertThat(header(letter, "tessellate.partition")).isEqualTo("1");
            assertThat(header(letter, "tessellate.dropped")).isEqualTo("value");
            assertThat(letter.value()).isNull();
        });
        assertThat(ready(SST2).get(0).getCounts()).isEqualTo(new RecordCounts(9L, 8L, 1L, 0L));
    }

    @Test
    void aRejectedTaskNamesItsMostFrequentReasonsWithAnExampleOfEach() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L).setTolerance(0.1));
        push(SST2, 0, 4);
        bench.record(SST2, example("a", "test", "text", "positive"));
        for (int i = 0; i < 3; i++) {
            bench.record(SST2, example("b" + i, "train", "text", "neutral"));
        }
        var reasons = bench.last(SST2).getRejected().getReasons();
        assertThat(reasons).extracting("code").containsExactly("UNKNOWN_LABEL", "UNKNOWN_SPLIT");
        assertThat(reasons).extracting("count").containsExactly(3L, 1L);
        assertThat(reasons.get(0).getExample()).contains("neutral").endsWith("(tasks.glue.sst2 partition 0 offset 5)");
    }

    @Test
    void countsAreSaidWhileRecordsArriveAndForLateOnes() {
        bench.manifest(manifest(SST2).setExpectedRecords(8L));
        push(SST2, 0, 3);
        bench.pass(Duration.ofSeconds(6));
        assertThat(bench.last(SST2).getCounted().getCounts()).isEqualTo(new RecordCounts(3L, 3L, 0L, 0L));
        push(SST2, 3, 9);
        bench.pass(Duration.ofSeconds(6));
        assertThat(bench.last(SST2).getCounted().getCounts()).isEqualTo(new RecordCounts(9L, 8L, 1L, 0L));
        long said = bench.events(SST2).stream()
                .filter(event -> event.getCounted() != null)
                .count();
        bench.pass(Duration.ofMinutes(1));
        assertThat(bench.events(SST2))
                .filteredOn(event -> event.getCounted() != null)
                .hasSize((int) said);
    }
}
