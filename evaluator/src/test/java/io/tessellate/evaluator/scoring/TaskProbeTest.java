package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.engine.version.SharedBases;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskProbeTest {
    private Path directory;
    private BlobStore blobs;
    private SmallModel model;

    @BeforeEach
    void commit(@TempDir Path temporary) throws Exception {
        directory = temporary;
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        model = new SmallModel(directory, blobs);
        List.of("tone", "topic", "grammar").forEach(model::commit);
    }

    private TaskProbes probes(ProcessEngine engine) {
        return new TaskProbes(engine, blobs, directory.resolve("probed"), SmallModel::examples);
    }

    @Test
    void whatAVersionHoldsScoresAsItWasMeasuredWhateverWasScoredBefore() {
        ProcessEngine engine = ProcessEngine.of(Backends.HOST, Long.MAX_VALUE);
        CommittedVersion tone = model.line().commit(1);
        try (var scoring = new EncoderScoring(
                        new LiveModels(blobs, directory.resolve("bases"), engine),
                        SmallModel::examples,
                        blobs,
                        new ScoringStarts(directory.resolve("starts")),
                        Clock.systemUTC(),
                        TaskViewMode.ALWAYS);
                TaskProbe probe = probes(engine).open("blame", model.line(), tone)) {
            List<Evaluation> measured = scoring.score(model.line(), 3, tone, new Cancellation());
            List<Adapter> all =
                    model.line().commits().stream().map(probe::adapter).toList();

            Score without = probe.score(List.of(all.get(0), all.get(2)));

            assertThat(probe.score(all).digest()).isEqualTo(predictions(measured, View.UNION));
            assertThat(probe.score(List.of(all.get(0))).digest()).isEqualTo(predictions(measured, View.TASK));
            assertThat(probe.score(List.of(all.get(0), all.get(2))).digest()).isEqualTo(without.digest());
            assertThat(without.digest()).isNotEqualTo(predictions(measured, View.UNION));
        }
    }

    private static Sha256 predictions(List<Evaluation> measured, View view) {
        return measured.stream()
                .filter(each -> each.view() == view && each.task().value().equals("tone"))
                .findFirst()
                .orElseThrow()
                .result()
                .measured()
                .orElseThrow()
                .predictions();
    }

    @Test
    void twoShareTheMemoryOfTheProcessAndGiveItBack() {
        CommittedVersion tone = model.line().commit(1);
        ProcessEngine ample = ProcessEngine.of(Backends.HOST, Long.MAX_VALUE);
        List<TaskProbe> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(probes(ample).open("blame " + i, model.line(), tone));
        }
        open.forEach(TaskProbe::close);

        ProcessEngine tight = new ProcessEngine(Backends.HOST, new MemoryBudget(1), new SharedBases());
        assertThatThrownBy(() -> probes(tight).open("blame", model.line(), tone))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_MEMORY));
    }
}
