package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.MemoryUse;
import io.tessellate.engine.plan.PhaseMemory;
import io.tessellate.engine.plan.PlannedPhase;
import io.tessellate.engine.train.fixture.WatchedMemory;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.engine.version.SharedBases;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.retry.Starts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderScoringTest {
    private static final List<String> TASKS = List.of("tone", "topic", "grammar");

    private final Backend backend = Backends.open(Backends.HOST);
    private Path directory;
    private BlobStore blobs;
    private SmallModel model;
    private EncoderScoring scoring;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        model = new SmallModel(directory, blobs);
        scoring = fresh("one");
    }

    private EncoderScoring fresh(String name) {
        return on(ProcessEngine.of(Backends.HOST, Long.MAX_VALUE), name);
    }

    private EncoderScoring on(ProcessEngine shared, String name) {
        return new EncoderScoring(
                new LiveModels(blobs, directory.resolve(name), shared),
                SmallModel::examples,
                blobs,
                new ScoringStarts(directory.resolve("starts")),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                TaskViewMode.ALWAYS);
    }

    @AfterEach
    void stop() {
        scoring.close();
    }

    @Test
    void everyTaskIsScoredInBothViews() {
        commitAll();

        List<Evaluation> all = score(3);

        assertThat(all).hasSize(6);
        for (String task : TASKS) {
            for (View view : View.values()) {
                assertThat(find(all, task, view).examples()).isEqualTo(60);
            }
        }
        assertThat(all)
                .allSatisfy(evaluation -> assertThat(evaluation.versionTasks())
                        .extracting(TaskName::value)
                        .isEqualTo(TASKS));
    }

    @Test
    void whatItsBytesProveIsScoredInTurnOrNotAtAll() {
        commitAll();
        List<Evaluation> always = score(3);
        for (TaskViewMode mode : List.of(TaskViewMode.SAMPLED, TaskViewMode.DIGESTS)) {
            try (var other = new EncoderScoring(
                    new LiveModels(
                            blobs, directory.resolve(mode.label()), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE)),
                    SmallModel::examples,
                    blobs,
                    new ScoringStarts(directory.resolve("starts")),
                    Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                    mode)) {
                List<Evaluation> all = WholeVersion.scored(other, model.line(), 3);

                assertThat(all)
                        .filteredOn(each -> each.view() == View.UNION)
                        .isEqualTo(always.stream()
                                .filter(each -> each.view() == View.UNION)
                                .toList());
                assertThat(all)
                        .filteredOn(each -> each.result() instanceof Evaluation.Proven)
                        .hasSize(mode == TaskViewMode.SAMPLED ? 1 : 2)
                        .allSatisfy(each -> assertThat(each.view()).isEqualTo(View.TASK));
                assertThat(all)
                        .allSatisfy(each ->
                                assertThat(each.result().gap(each.task())).isEmpty());
            }
        }
        assertThat(always).allSatisfy(each -> {
            var measured = each.result().measured().orElseThrow();
            assertThat(measured.interval().low()).isLessThanOrEqualTo(measured.score());
            assertThat(measured.interval().high()).isGreaterThanOrEqualTo(measured.score());
            assertThat(measured.interval().method()).isEqualTo(ScoreInterval.Method.WILSON);
        });
    }

    @Test
    void theTaskViewIsBitIdenticalAtEveryLaterVersionWhileTheUnionMoves() {
        model.commit("tone");
        List<Evaluation> first = score(1);
        model.commit("topic");
        List<Evaluation> second = score(2);
        model.commit("grammar");
        List<Evaluation> third = score(3);

        Evaluation committed = find(first, "tone", View.TASK);
        for (List<Evaluation> later : List.of(second, third)) {
            assertThat(find(later, "tone", View.TASK)
                            .result()
                            .measured()
                            .orElseThrow()
                            .predictions())
                    .isEqualTo(committed.result().measured().orElseThrow().predictions());
            assertThat(find(later, "tone", View.TASK)
                            .result()
                            .measured()
                            .orElseThrow()
                            .score())
                    .isEqualTo(committed.result().measured().orElseThrow().score());
            assertThat(find(later, "tone", View.UNION)
                            .result()
                            .measured()
                            .orElseThrow()
                            .predictions())
                    .isNotEqualTo(committed.result().measured().orElseThrow().predictions());
        }
        assertThat(find(first, "tone", View.UNION)
                        .result()
                        .measured()
                        .orElseThrow()
                        .predictions())
                .isEqualTo(committed.result().measured().orElseThrow().predictions());
        assertThat(find(third, "topic", View.TASK)
                        .result()
                        .measured()
                        .orElseThrow()
                        .predictions())
                .isEqualTo(find(second, "topic", View.UNION)
                        .result()
                        .measured()
                        .orElseThrow()
                        .predictions());
    }

    @Test
    void aWorkerThatStartsLateOrGoesBackScoresTheSame() {
        commitAll();
        List<Evaluation> third = score(3);
        List<Evaluation> firstAfterThird = score(1);

        try (EncoderScoring other = fresh("other")) {
            assertThat(WholeVersion.scored(other, model.line(), 1)).isEqualTo(firstAfterThird);
            assertThat(WholeVersion.scored(other, model.line(), 2)).hasSize(4);
            assertThat(WholeVersion.scored(other, model.line(), 3)).isEqualTo(third);
        }
    }

    @Test
    void theHitsFileHasThePredictionsThatTheScoreCounts() throws IOException {
        model.commit("tone");
        Evaluation evaluation = score(1).get(0);

        String lines = new String(
                blobs.read(evaluation.result().measured().orElseThrow().hits().sha256()), StandardCharsets.UTF_8);
        List<JsonNode> hits = new java.util.ArrayList<>();
        for (String line : lines.lines().toList()) {
            hits.add(new ObjectMapper().readTree(line));
        }

        assertThat(hits).hasSize(60);
        assertThat(hits.get(0).toString()).startsWith("{\"example\":0,\"id\":\"e0\",\"prediction\":");
        assertThat(hits.get(1).has("id")).isFalse();
        long right = hits.stream().filter(hit -> hit.get("hit").asBoolean()).count();
        assertThat(right / 60.0)
                .isCloseTo(evaluation.result().measured().orElseThrow().score(), within(1e-12));
    }

    @Test
    void aTaskWhoseRecordsAreGoneIsNotMeasuredAndTheOthersAre() {
        commitAll();
        List<Evaluation> sound = score(3);
        List<Evaluation> all = scoreWith((base, version) -> {
            if (version.task().task().value().equals("tone")) {
                throw new TessellateException(ErrorCode.RECORDS_GONE, "the topic was deleted");
            }
            return SmallModel.examples(base, version);
        });

        assertThat(all).hasSize(6);
        for (View view : View.values()) {
            assertThat(find(all, "tone", view).result())
                    .isEqualTo(new Evaluation.NotMeasured(ErrorCode.RECORDS_GONE, "the topic was deleted"));
            assertThat(find(all, "topic", view).result())
                    .isEqualTo(find(sound, "topic", view).result());
            assertThat(find(all, "grammar", view).result())
                    .isEqualTo(find(sound, "grammar", view).result());
        }
    }

    @Test
    void aDefectInOneTasksScoringDoesNotChangeTheOthersScores() {
        commitAll();
        List<Evaluation> sound = score(3);
        List<Evaluation> all = scoreWith((base, version) -> {
            if (version.task().task().value().equals("topic")) {
                throw new IllegalStateException("nobody foresaw this");
            }
            return SmallModel.examples(base, version);
        });

        assertThat(find(all, "topic", View.TASK).result())
                .isInstanceOfSatisfying(
                        Evaluation.NotMeasured.class,
                        gap -> assertThat(gap.reason()).contains("nobody foresaw this"));
        for (View view : View.values()) {
            assertThat(find(all, "grammar", view).result())
                    .isEqualTo(find(sound, "grammar", view).result());
            assertThat(find(all, "tone", view).result())
                    .isEqualTo(find(sound, "tone", view).result());
        }
    }

    @Test
    void aTaskThatEndsTheProcessEachTimeIsNotMeasuredAndTheOthersAre() {
        commitAll();
        Starts deaths = new ScoringStarts(directory.resolve("starts"))
                .ofTask(model.line().name(), new TaskName("topic"));
        for (int life = 0; life < ScoringStarts.MOST; life++) {
            deaths.begin("an earlier life", "");
        }
        List<Evaluation> all = score(3);

        assertThat(find(all, "topic", View.UNION).result())
                .isInstanceOfSatisfying(Evaluation.NotMeasured.class, gap -> {
                    assertThat(gap.code()).isEqualTo(ErrorCode.ENDED_THE_PROCESS);
                    assertThat(gap.reason()).contains("was begun 6 times").contains("TESSELLATE_HEAP");
                });
        assertThat(all)
                .filteredOn(each -> !each.task().value().equals("topic"))
                .allSatisfy(each -> assertThat(each.result().measured()).isPresent());
        // Somebody may have given it more memory: the next score is tried, and its success is no gap any more.
        assertThat(find(all, "topic", View.TASK).result().measured()).isPresent();
        assertThat(score(2))
                .allSatisfy(each -> assertThat(each.result().measured()).isPresent());
    }

    @Test
    void aVersionWhoseLoadingEndsTheProcessEachTimeIsNotMeasured() {
        commitAll();
        Starts deaths = new ScoringStarts(directory.resolve("starts"))
                .ofModel(model.line().name());
        for (int life = 0; life < ScoringStarts.MOST; life++) {
            deaths.begin("an earlier life", "");
        }

        assertThat(score(3))
                .hasSize(6)
                .allSatisfy(each -> assertThat(each.result())
                        .isInstanceOfSatisfying(
                                Evaluation.NotMeasured.class,
                                gap -> assertThat(gap.code()).isEqualTo(ErrorCode.ENDED_THE_PROCESS)));
    }

    @Test
    void aRegistryThatIsAwayIsWaitedForAndIsNoResult() {
        commitAll();
        assertThatThrownBy(() -> scoreWith((base, version) -> {
                    throw new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, "away");
                }))
                .isInstanceOf(RetriableException.class);
    }

    @Test
    void aVersionWhoseAdapterIsDamagedIsNotMeasuredAndTheOneBeforeStillIs() throws IOException {
        commitAll();
        Path adapter = blobs.fetch(model.line().commit(3).adapter().sha256());
        byte[] bytes = Files.readAllBytes(adapter);
        bytes[bytes.length / 2] ^= 1;
        Files.write(adapter, bytes);

        assertThat(score(3))
                .hasSize(6)
                .allSatisfy(evaluation -> assertThat(evaluation.result())
                        .isInstanceOfSatisfying(
                                Evaluation.NotMeasured.class,
                                gap -> assertThat(gap.code()).isEqualTo(ErrorCode.BLOB_DAMAGED)));
        assertThat(score(2))
                .hasSize(4)
                .allSatisfy(
                        evaluation -> assertThat(evaluation.result().measured()).isPresent());
    }

    private List<Evaluation> scoreWith(EvalSource source) {
        try (var other = new EncoderScoring(
                new LiveModels(blobs, directory.resolve("other"), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE)),
                source,
                blobs,
                new ScoringStarts(directory.resolve("starts")),
                Clock.systemUTC(),
                TaskViewMode.ALWAYS)) {
            return WholeVersion.scored(other, model.line(), 3);
        }
    }

    @Test
    void aCancelledEvaluationStopsBeforeTheNextScore() {
        commitAll();
        var cancellation = new Cancellation();
        var reads = new AtomicInteger();
        var slow = new EncoderScoring(
                new LiveModels(blobs, directory.resolve("slow"), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE)),
                (base, version) -> {
                    reads.incrementAndGet();
                    cancellation.cancel();
                    return SmallModel.examples(base, version);
                },
                blobs,
                new ScoringStarts(directory.resolve("starts")),
                Clock.systemUTC(),
                TaskViewMode.ALWAYS);
        try (slow) {
            assertThatThrownBy(() -> WholeVersion.scored(slow, model.line(), 3, cancellation))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
        }
        assertThat(reads).hasValue(1);
    }

    private void commitAll() {
        TASKS.forEach(model::commit);
    }

    private List<Evaluation> score(int version) {
        return WholeVersion.scored(scoring, model.line(), version);
    }

    private static Evaluation find(List<Evaluation> all, String task, View view) {
        return all.stream()
                .filter(each -> each.task().value().equals(task) && each.view() == view)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSplitForWhichThereIsNeverEnoughMemoryIsAGapAndSaysWhatItTakes() {
        commitAll();
        scoring.close();
        ProcessEngine little = new ProcessEngine(Backends.HOST, new MemoryBudget(100_000_000), new SharedBases());
        scoring = on(little, "little");

        assertThat(score(3)).allSatisfy(evaluation -> {
            Evaluation.NotMeasured why = (Evaluation.NotMeasured) evaluation.result();
            assertThat(why.code()).isEqualTo(ErrorCode.NOT_ENOUGH_MEMORY);
            assertThat(why.reason())
                    .contains("while examples are scored, and the setting has 100 MB")
                    .contains("weights of the version to start from");
        });
    }

    @Test
    void modelsThatAreNotScoredAtTheMomentAreLetGoForWhoNeedsTheMemory() {
        commitAll();
        scoring.close();
        ProcessEngine shared = ProcessEngine.of(Backends.HOST, Long.MAX_VALUE);
        scoring = on(shared, "shared");
        List<Evaluation> before = score(3);
        BaseModel base = BaseModel.load(directory.resolve("base"));
        ModelLine line = model.line();
        try (Weights beside = shared.bases().take(line.baseDigest(), base, backend)) {
            assertThat(backend.memory().allocatedBytes())
                    .as("some of it lies there for scoring")
                    .isLessThan(base.weightBytes().vectors());
        }
        MemoryPlan large =
                new MemoryPlan(List.of(new PhaseMemory(PlannedPhase.TRAIN, Map.of(MemoryUse.PARENT, 1L << 40))), 1, 0);
        Backend full =
                new WatchedMemory(backend, there -> new MemoryRoom(1L << 50, 1, Long.MAX_VALUE, true, "the machine"));
        assertThatThrownBy(() -> shared.budget().admit("a run", full, micro -> large, 1, 1, 0))
                .isInstanceOf(RetriableException.class);
        try (Weights alone = shared.bases().take(line.baseDigest(), base, backend)) {
            assertThat(backend.memory().allocatedBytes())
                    .as("nobody else has it")
                    .isEqualTo(base.weightBytes().vectors());
        }
        assertThat(score(3)).isEqualTo(before);
    }
}
