package io.tessellate.pipeline.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.EarlierDataGone;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ModelParked;
import io.tessellate.event.ModelResumed;
import io.tessellate.event.NotMeasured;
import io.tessellate.event.Ownership;
import io.tessellate.event.RejectionReason;
import io.tessellate.event.TaskCounted;
import io.tessellate.event.TaskNoted;
import io.tessellate.event.TaskRejected;
import io.tessellate.event.TaskVerdict;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.event.VersionPromoted;
import io.tessellate.event.VersionVerdict;
import io.tessellate.event.View;
import io.tessellate.pipeline.check.topic.Placed;
import io.tessellate.runtime.blob.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each promise is held by a sound history and seen to be broken by one that breaks it; what explains itself breaks nothing. */
class PromisesTest {
    @TempDir
    private Path directory;

    private SmallHistory small;

    @BeforeEach
    void twoSoundTasks() {
        small = new SmallHistory(directory);
        small.register("glue", Ownership.EXCLUSIVE);
        small.task("glue", "sst2", 0, 8, 1);
        small.task("glue", "cola", 8, 8, 2);
    }

    private PromiseVerdict verdict(int number) {
        return PromiseCheck.of(small.history()).verdicts().get(number - 1);
    }

    private void onlyBroken(int number) {
        assertThat(PromiseCheck.of(small.history()).verdicts())
                .filteredOn(verdict -> !verdict.kept())
                .extracting(PromiseVerdict::number)
                .containsExactly(number);
    }

    private Breach breach(int number) {
        onlyBroken(number);
        return verdict(number).broken().get(0);
    }

    @Test
    void aSoundHistoryKeepsAllEightAndSaysWhatWasLookedAt() {
        PromiseCheck check = PromiseCheck.of(small.history());
        assertThat(check.kept()).as(check.toString()).isTrue();
        assertThat(check.settled()).as(check.toString()).isTrue();
        assertThat(check.verdicts()).extracting(PromiseVerdict::number).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(check.verdicts())
                .extracting(PromiseVerdict::found)
                .containsExactly(
                        "16 weights of 2 adapters, each against all earlier ones",
                        "3 files, 16 owned values, 3 certificates",
                        "1 scores at later versions against the tasks' own",
                        "2 closed datasets, 2 runs published, 2 committed",
                        "2 rows for 2 versions, 6 scores",
                        "20 records of closed datasets of 2 tasks, 0 dead letters",
                        "2 different inputs, 0 of them trained again",
                        "0 promotions, 0 verdicts");
    }

    @Test
    void anEmptyHistoryKeepsThem() {
        PromiseCheck check = PromiseCheck.of(new SmallHistory(directory.resolve("empty")).history());
        assertThat(check.kept()).isTrue();
        assertThat(check.settled()).isTrue();
    }

    // ---- 1

    @Test
    void aWeightWithTwoOwnersIsNamedWithBothTasks() {
        small.task("glue", "mrpc", 14, 4, 2);
        Breach breach = breach(1);
        assertThat(breach.text())
                .startsWith("glue/mrpc version 3: 2 of its weights belong to cola since version 2, in ["
                        + SmallHistory.TENSOR)
                .contains("blob ")
                .endsWith("(tessellate.registry partition 0 offset 6)");
    }

    @Test
    void aGapInTheLogAndATokenThatDoesNotGrowAreSeen() {
        small.registry.remove(2);
        assertThat(verdict(1).broken()).extracting(Breach::what).contains("event 4 follows event 2");
    }

    @Test
    void aSharedModelsWeightsMayHaveSeveralOwners() {
        small.register("dense", Ownership.SHARED);
        small.task("dense", "sst2", 0, 64, 1);
        small.task("dense", "cola", 0, 64, 2);
        PromiseCheck check = PromiseCheck.of(small.history());
        assertThat(check.kept()).as(check.toString()).isTrue();
        assertThat(verdict(1).notes())
                .containsExactly("dense shares its weights between tasks: nothing is owned there");
    }

    // ---- 2

    @Test
    void anOwnedValueThatALaterTaskChangesIsSeen() {
        small.task("glue", "mrpc", 7, 2, 3);
        assertThat(verdict(2).broken())
                .extracting(Breach::what)
                .contains(
                        "changes 1 values that sst2 owns since version 1",
                        "changes 1 values that cola owns since version 2");
    }

    @Test
    void aFlippedBitInAnAdapterIsNamedByTaskVersionAndPath() throws IOException {
        Path file = small.adapterFile("glue", "sst2");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        Breach breach = verdict(2).broken().get(0);
        assertThat(breach.task()).isEqualTo("sst2");
        assertThat(breach.version()).isEqualTo(1);
        assertThat(file).endsWithRaw(Path.of(breach.path()));
        assertThat(verdict(1).open()).hasSize(1);
    }

    @Test
    void aLostAdapterOfAParkedModelSaysThatTheModelIsParked() throws IOException {
        small.log(
                "glue",
                event -> event.setModelParked(ModelParked.newBuilder()
                        .setCode("BLOB_DAMAGED")
                        .setReason("put it back, then resume")
                        .build()));
        Files.delete(small.adapterFile("glue", "cola"));
        assertThat(verdict(2).broken()).hasSize(1);
        assertThat(verdict(2).broken().get(0).what())
                .startsWith("its adapter cannot be read: ")
                .endsWith("the model is parked: BLOB_DAMAGED: put it back, then resume");
    }

    @Test
    void aCertificateThatIsNotOfTheBytesIsSeen() {
        small.rewrite(
                4, event -> event.getAdapterCommitted().getCertificate().get(0).setOwned(7));
        assertThat(breach(2).what()).startsWith("for sst2 it vouches for 7 weights");
    }

    @Test
    void aVersionThatDoesNotVouchForAnEarlierTaskIsSeen() {
        small.rewrite(4, event -> {
            var commit = event.getAdapterCommitted();
            commit.setCertificate(commit.getCertificate().subList(1, 2));
        });
        assertThat(breach(2).text()).contains("glue/cola version 2: it vouches for [cola], and holds [sst2, cola]");
    }

    // ---- 3

    @Test
    void aTaskViewThatChangesByOneBitIsSeen() {
        EvaluationCompleted later = evaluation(2, "sst2", View.TASK);
        later.setScore(Math.nextUp(0.5));
        small.rows.get(1).value().getTask().setScores(List.of(Math.nextUp(0.5), 0.5));
        Breach breach = breach(3);
        assertThat(breach.text())
                .contains("glue/sst2 version 2: scores 0.5000000000000001 with predictions")
                .contains("at its own version 1 0.5 with predictions");
    }

    @Test
    void otherPredictionsWithTheSameScoreAreSeen() {
        evaluation(2, "sst2", View.TASK)
                .setPredictionsDigest(SmallHistory.dataset("other").hex());
        assertThat(breach(3).task()).isEqualTo("sst2");
    }

    @Test
    void aScoreThatCouldNotBeMeasuredBreaksNothingAndIsSaid() {
        EvaluationCompleted later = evaluation(2, "sst2", View.TASK);
        later.setScore(Double.NaN);
        later.setNotMeasured(new NotMeasured("NOT_MEASURABLE", "nothing to score"));
        small.rows.get(1).value().getTask().setScores(List.of(Double.NaN, 0.5));
        PromiseCheck check = PromiseCheck.of(small.history());
        assertThat(check.kept()).as(check.toString()).isTrue();
        assertThat(verdict(3).notes())
                .containsExactly("glue/sst2 version 2: not measured (NOT_MEASURABLE), at the task's own version"
                        + " 0.5 with predictions "
                        + evaluation(1, "sst2", View.TASK)
                                .getPredictionsDigest()
                                .substring(0, 12));
        assertThat(verdict(5).notes()).hasSize(1);
    }

    private EvaluationCompleted evaluation(int version, String task, View view) {
        return small.evaluations.stream()
                .map(Placed::value)
                .filter(measured -> Cell.of(measured).equals(new Cell(version, task, view)))
                .findFirst()
                .orElseThrow();
    }

    // ---- 4

    @Test
    void aRunThatIsPublishedTwiceUnderOneTokenIsSeen() {
        small.trainings.add(new Placed<>(
                "tessellate.trainings", 0, 9, small.trainings.get(1).value()));
        assertThat(breach(4).text()).contains("glue/cola: run ").contains("was published under token 2 at");
    }

    @Test
    void aLostRaceIsPublishedAgainUnderAnotherToken() {
        Blob blob = small.blobs.put(
                "adapter.safetensors", "of a lost race".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        small.publish("glue", "cola", 9, blob, 8);
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
    }

    @Test
    void aTaskThatIsCommittedTwiceIsSeen() {
        small.commit("glue", "cola");
        assertThat(verdict(4).broken())
                .extracting(Breach::what)
                .anyMatch(what -> what.contains("as version 2 already"));
    }

    @Test
    void aCommitOfADatasetThatWasNeverClosedIsSeen() {
        small.tasks.removeIf(event -> event.value().getTask().equals("cola"));
        assertThat(breach(4).what()).contains("which was never closed");
    }

    @Test
    void aClosedDatasetWithoutAnEndIsOpenUntilItFails() {
        small.close("glue", "mrpc");
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
        assertThat(verdict(4).open()).hasSize(1);
        fail("mrpc");
        assertThat(PromiseCheck.of(small.history()).settled()).isTrue();
    }

    @Test
    void aRunMayBeAskedForAgainOnlyAfterItEnded() {
        small.close("glue", "mrpc");
        fail("mrpc");
        small.close("glue", "mrpc");
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
        small.close("glue", "mrpc");
        assertThat(breach(4).what()).contains("was asked for 3 times and ended without a version 1 times");
    }

    @Test
    void whatAParkedModelHasNotTrainedIsExplained() {
        small.close("glue", "mrpc");
        small.log(
                "glue",
                event -> event.setModelParked(ModelParked.newBuilder()
                        .setCode("STORAGE")
                        .setReason("no blob")
                        .build()));
        assertThat(verdict(4).open().get(0)).endsWith("; the model is parked: STORAGE: no blob");
        small.log("glue", event -> event.setModelResumed(new ModelResumed("me", "put back")));
        assertThat(verdict(4).open().get(0)).doesNotContain("parked");
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
    }

    private void fail(String task) {
        small.trainings.add(new Placed<>(
                "tessellate.trainings",
                0,
                small.trainings.size(),
                TrainingEvent.newBuilder()
                        .setModel("glue")
                        .setTask(task)
                        .setRunId(small.run("glue", task))
                        .setAt(Instant.EPOCH)
                        .setFailed(new TrainingFailed("DIVERGED", "the loss is not a number", null))
                        .build()));
    }

    // ---- 5

    @Test
    void aRowThatComesTwiceIsSeen() {
        small.rows.add(
                new Placed<>("tessellate.forgetting", 0, 2, small.rows.get(1).value()));
        assertThat(breach(5).text())
                .isEqualTo("glue version 2: there is no such version"
                                .replace("there is no such version", "row 3 is due here")
                        + " (tessellate.forgetting partition 0 offset 2)");
    }

    @Test
    void aGapBetweenRowsIsSeenAndAMissingEndIsNotFinished() {
        var first = small.rows.remove(0);
        assertThat(breach(5).what()).isEqualTo("row 1 is due here");
        small.rows.clear();
        small.rows.add(first);
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
        assertThat(verdict(5).open()).containsExactly("glue has versions 1 to 2 and rows 1 to 1");
    }

    @Test
    void aRowOfAVersionThatDoesNotExistIsSeen() {
        small.row("glue", List.of("sst2", "cola", "mrpc"));
        assertThat(breach(5).what()).isEqualTo("there is no such version");
    }

    @Test
    void aScoreThatWasNotMeasuredSoIsSeen() {
        small.rows.get(1).value().getUnion().setScores(List.of(0.75, 0.76));
        assertThat(breach(5).text()).contains("glue/cola version 2: view UNION shows 0.76, measured was 0.75");
    }

    @Test
    void aScoreThatNobodyMeasuredIsSeen() {
        small.evaluations.removeIf(placed -> Cell.of(placed.value()).equals(new Cell(2, "cola", View.UNION)));
        assertThat(breach(5).what()).isEqualTo("view UNION was never measured");
    }

    @Test
    void aCellMeasuredTwiceMustSayTheSame() {
        small.score("glue", List.of("sst2", "cola"), "cola", View.UNION, 0.75);
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
        small.score("glue", List.of("sst2", "cola"), "cola", View.UNION, 0.5);
        assertThat(breach(5).what()).startsWith("the union view was measured twice: 0.75");
    }

    // ---- 6

    @Test
    void countsThatDoNotAddUpAreSeen() {
        small.ready("glue", "cola", SmallHistory.counts(10, 7, 1, 1));
        assertThat(verdict(6).broken().get(0).text())
                .startsWith("glue/cola: 10 read, but 7 accepted, 1 dead-lettered and 1 duplicates (tessellate.tasks");
    }

    @Test
    void aDatasetSmallerThanItsRangesIsSeen() {
        small.tasks.removeIf(event -> event.value().getTask().equals("cola"));
        small.ready("glue", "cola", SmallHistory.counts(9, 9, 0, 0));
        assertThat(breach(6).what()).isEqualTo("its ranges of tasks.glue.cola hold 10 records, 9 were read");
    }

    @Test
    void aRecordPutAsideThatIsNoDeadLetterIsSeen() {
        small.tasks.removeIf(event -> event.value().getTask().equals("cola"));
        small.ready("glue", "cola", SmallHistory.counts(10, 8, 2, 0));
        small.putAside("glue", "cola", 3);
        small.putAside("glue", "cola", 3);
        assertThat(breach(6).what()).isEqualTo("2 of its records were put aside, 1 lie among the dead letters");
        small.putAside("glue", "cola", 4);
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
    }

    @Test
    void deadLettersThatExpiredBreakNothing() {
        small.tasks.removeIf(event -> event.value().getTask().equals("cola"));
        small.ready("glue", "cola", SmallHistory.counts(10, 8, 2, 0));
        small.oldLettersGone = true;
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
        assertThat(verdict(6).notes()).anyMatch(note -> note.contains("kept for some time only"));
    }

    @Test
    void recordsDeletedAfterwardsBreakNothingAndAreSaid() {
        small.topics.deleteBefore("tasks.glue.sst2", 4);
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
        assertThat(verdict(6).notes())
                .containsExactly("glue/sst2: some records were deleted since, and are not counted again");
    }

    @Test
    void recordsThatCameLateMustBeCountedToo() {
        small.topics.put("tasks.glue.cola", 12, "cola");
        assertThat(verdict(6).open())
                .containsExactly("glue/cola: tasks.glue.cola holds 12 records, 10 of them are counted");
        small.say("glue", "cola", event -> event.setCounted(new TaskCounted(SmallHistory.counts(12, 10, 2, 0), 0L)));
        assertThat(PromiseCheck.of(small.history()).settled()).isTrue();
        small.say("glue", "cola", event -> event.setCounted(new TaskCounted(SmallHistory.counts(13, 10, 3, 0), 0L)));
        assertThat(breach(6).what()).isEqualTo("13 records are counted, tasks.glue.cola holds 12");
    }

    @Test
    void aRejectedTaskAnAttemptAfterItAndANoteBreakNothing() {
        small.say(
                "glue",
                "mrpc",
                event -> event.setRejected(TaskRejected.newBuilder()
                        .setCode("TOO_MANY_BAD_RECORDS")
                        .setMessage("5 of 10 are bad")
                        .setCounts(SmallHistory.counts(10, 5, 5, 0))
                        .setReasons(List.of(new RejectionReason("UNDECODABLE", 5L, "partition 0 offset 3")))
                        .build()));
        small.task("glue", "mrpc", 20, 4, 3);
        small.say("glue", "mrpc", event -> event.setNoted(new TaskNoted("RECORDS_AT_RISK", "its topic keeps a day")));
        PromiseCheck check = PromiseCheck.of(small.history());
        assertThat(check.kept()).as(check.toString()).isTrue();
        assertThat(check.settled()).as(check.toString()).isTrue();
    }

    @Test
    void garbageInATopicOfOursIsSaidOnceWithItsPlace() {
        small.unreadable.add(new Placed<>("tessellate.registry", 2, 7, "no schema"));
        small.unreadable.add(new Placed<>("tessellate.registry", 2, 8, "no value"));
        assertThat(verdict(6).notes())
                .containsExactly("2 records of tessellate.registry are no events of ours, the first is"
                        + " tessellate.registry partition 2 offset 7: no schema");
    }

    // ---- 7

    @Test
    void theSameInputInAnotherModelMustGiveTheSameValues() {
        small.register("glue2", Ownership.EXCLUSIVE);
        small.task("glue2", "sst2", 0, 8, 1);
        assertThat(verdict(7).found()).isEqualTo("2 different inputs, 1 of them trained again");
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
        small.task("glue2", "cola", 8, 8, 2.5f);
        Breach breach = breach(7);
        assertThat(breach.model()).isEqualTo("glue2");
        assertThat(breach.what()).contains("from the same input came").endsWith("as glue/cola version 2");
    }

    @Test
    void otherRecordsAreAnotherInput() {
        small.register("glue2", Ownership.EXCLUSIVE);
        small.task("glue2", "sst2", 0, 8, 3);
        small.topics.put("tasks.glue2.sst2", SmallHistory.RECORDS, "sst2 in another order");
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
    }

    @Test
    void aRunThatHadToLeaveAnEarlierTaskOutIsAnotherInput() {
        small.register("glue2", Ownership.EXCLUSIVE);
        small.task("glue2", "sst2", 0, 8, 1);
        small.task("glue2", "cola", 8, 8, 2.5f);
        small.trainings
                .get(3)
                .value()
                .getCompleted()
                .setLeftOut(List.of(new EarlierDataGone("sst2", "EARLIER_DATA_GONE", "its topic was deleted")));
        assertThat(PromiseCheck.of(small.history()).kept()).isTrue();
    }

    // ---- 8

    @Test
    void aVersionThatFailedAndBecameChampionByItselfIsSeen() {
        judged(1, "FAIL", "FAIL");
        promoted(2, null);
        assertThat(breach(8).text())
                .startsWith("glue version 2: it was promoted, and failed: sst2 fell too far")
                .contains("tessellate.registry partition 0 offset ");
        assertThat(verdict(8).found()).isEqualTo("1 promotions, 1 verdicts");
    }

    @Test
    void aPersonMayPromoteWhatFailedAndWhatPassesIsPromotedByItself() {
        judged(0, "WARN", "WARN");
        judged(1, "FAIL", "FAIL");
        promoted(1, null);
        promoted(2, "token 4f1a");
        assertThat(verdict(8).kept()).isTrue();
        assertThat(verdict(8).found()).isEqualTo("2 promotions, 2 verdicts");
    }

    @Test
    void aVersionThatBecameChampionBeforeItWasMeasuredIsSeen() {
        small.rows.remove(1);
        promoted(2, null);
        assertThat(breach(8).what()).isEqualTo("it was promoted without a row that it was measured by");
    }

    @Test
    void aVerdictThatIsNotTheWorstOfItsTasksIsSeen() {
        judged(1, "PASS", "FAIL");
        assertThat(breach(8).what()).isEqualTo("its verdict is PASS, the worst of its tasks is FAIL");
    }

    /** The verdict of a row, over one task with one of its own. */
    private void judged(int row, String version, String task) {
        TaskVerdict verdict = TaskVerdict.newBuilder()
                .setTask("sst2")
                .setVerdict(task)
                .setReason("by its drop")
                .setBudget(0.05)
                .setBudgetFrom("model")
                .build();
        small.rows
                .get(row)
                .value()
                .setVerdict(VersionVerdict.newBuilder()
                        .setVerdict(version)
                        .setReason("sst2 fell too far")
                        .setTasks(List.of(verdict))
                        .build());
    }

    private void promoted(int version, @Nullable String who) {
        small.log(
                "glue",
                event -> event.setVersionPromoted(VersionPromoted.newBuilder()
                        .setVersion(version)
                        .setReason("measured")
                        .setWho(who)
                        .build()));
    }

    /** A promotion is read after its row was not there yet: the topics of a stack that works are never read at one moment. */
    @Test
    void whatOneReadingOfTwoShowsIsNoBreachAndIsSaid() {
        promoted(2, null);
        PromiseCheck whole = PromiseCheck.of(small.history());
        small.rows.remove(1);
        PromiseCheck early = PromiseCheck.of(small.history());
        assertThat(early.verdicts().get(7).kept()).isFalse();

        assertThat(early.confirmedBy(whole).kept()).isTrue();
        assertThat(early.confirmedBy(whole).settled()).isTrue();
        assertThat(whole.confirmedBy(early).verdicts().get(7).open())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("seen in one reading of two: glue version 2: it was promoted without a row");
        assertThat(early.confirmedBy(early).verdicts().get(7).broken()).hasSize(1);
    }

    /** While records come in the numbers in its words grow, and it is the same breach. */
    @Test
    void aBreachOfWhichMoreIsSeenTheSecondTimeIsConfirmed() {
        PromiseVerdict sound = PromiseCheck.of(small.history()).verdicts().get(5);
        PromiseVerdict first = lacking(sound, "3 records are nowhere");
        PromiseVerdict second = lacking(sound, "5 records are nowhere");
        assertThat(first.confirmedBy(second).broken())
                .extracting(Breach::what)
                .containsExactly("5 records are nowhere");
        assertThat(first.confirmedBy(second).open()).isEmpty();
    }

    private static PromiseVerdict lacking(PromiseVerdict sound, String what) {
        Breach breach = Breach.of("glue", what).task("sst2");
        return new PromiseVerdict(
                sound.number(), sound.promise(), sound.found(), List.of(breach), sound.open(), sound.notes());
    }

    @Test
    void oneModelsHistoryIsJudgedByItself() {
        small.register("other", Ownership.EXCLUSIVE);
        small.task("other", "sst2", 0, 8, 1);
        small.rows.remove(small.rows.size() - 1);
        small.rows.add(
                new Placed<>("tessellate.forgetting", 0, 9, small.rows.get(0).value()));
        assertThat(PromiseCheck.of(small.history(), "glue"::equals).kept()).isFalse();
        assertThat(PromiseCheck.of(small.history(), "other"::equals).kept()).isTrue();
    }
}
