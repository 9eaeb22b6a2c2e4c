package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.event.Decoding;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts decoded as their manifest says, version after version. */
class SampledTextsTest {
    private Path directory;
    private BlobStore blobs;
    private SmallDecoder model;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        model = new SmallDecoder(directory, blobs);
        model.commit("tale", 0);
    }

    private static Decoding drawn(long seed) {
        return new Decoding(1.5, 20, 0.95, seed, 8);
    }

    private static EvalSet prompts(@Nullable Decoding decoding, BaseModel base, CommittedVersion version) {
        Manifest manifest = ManifestCodec.fromAvro(TaskManifest.newBuilder()
                .setModel("bot")
                .setTask(version.task().task().value())
                .setObjective(Objective.GENERATION)
                .setMetric("rouge1")
                .setDecoding(decoding)
                .build());
        Random random = new Random(3);
        List<Example> examples = IntStream.range(0, 30)
                .mapToObj(
                        i -> Example.eval(word(random), new Label.Completion(" " + word(random) + " " + word(random))))
                .toList();
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of()))) {
            return EvalSet.of(manifest, encoding.encode(TrainingObjective.declaredBy(manifest), examples), examples);
        }
    }

    private static String word(Random random) {
        return SmallDecoder.WORDS.get(random.nextInt(24));
    }

    /** All evaluations of a version by a worker that has just started. */
    private List<Evaluation> score(int version, @Nullable Decoding decoding) {
        try (EncoderScoring scoring = new EncoderScoring(
                new LiveModels(blobs, directory.resolve("laid"), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE)),
                (base, committed) -> prompts(decoding, base, committed),
                blobs,
                new ScoringStarts(directory.resolve("starts")),
                Clock.systemUTC(),
                TaskViewMode.ALWAYS)) {
            return WholeVersion.scored(scoring, model.line(), version);
        }
    }

    @Test
    void theSameVersionScoredTwiceDrawsTheSameTextsAndAnotherSeedOthers() {
        Evaluation first = score(1, drawn(1)).get(0);
        Evaluation again = score(1, drawn(1)).get(0);
        assertThat(again.result().measured().orElseThrow().predictions())
                .isEqualTo(first.result().measured().orElseThrow().predictions());
        assertThat(again.result().measured().orElseThrow().score())
                .isEqualTo(first.result().measured().orElseThrow().score());
        assertThat(score(1, drawn(2)).get(0).result().measured().orElseThrow().predictions())
                .isNotEqualTo(first.result().measured().orElseThrow().predictions());
    }

    @Test
    void examplesOfWhoseCompletionNothingIsLeftAreCountedBesideTheScore() {
        Evaluation evaluation;
        try (EncoderScoring scoring = new EncoderScoring(
                new LiveModels(blobs, directory.resolve("laid"), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE)),
                (base, committed) -> partlyTooLong(base),
                blobs,
                new ScoringStarts(directory.resolve("starts")),
                Clock.systemUTC(),
                TaskViewMode.ALWAYS)) {
            evaluation = WholeVersion.scored(scoring, model.line(), 1).get(0);
        }
        assertThat(evaluation.examples()).isEqualTo(2);
        assertThat(evaluation.leftOut()).isEqualTo(1);
    }

    /** Three questions, the second of which fills the longest length by itself. */
    private static EvalSet partlyTooLong(BaseModel base) {
        Manifest manifest = ManifestCodec.fromAvro(TaskManifest.newBuilder()
                .setModel("bot")
                .setTask("tale")
                .setObjective(Objective.GENERATION)
                .setMetric("rouge1")
                .build());
        Label answer = new Label.Completion(" " + SmallDecoder.WORDS.get(1));
        List<Example> split = List.of(
                Example.eval(SmallDecoder.WORDS.get(0), answer),
                Example.eval(String.join(" ", SmallDecoder.WORDS), answer),
                Example.eval(SmallDecoder.WORDS.get(2), answer));
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of("maxLength", 8)))) {
            return EvalSet.of(manifest, encoding.fit(TrainingObjective.declaredBy(manifest), split), split);
        }
    }

    @Test
    void theTaskViewDrawsTheSameTextsAtALaterVersion() {
        Evaluation committed = score(1, drawn(1)).get(0);
        model.commit("later", 100);
        List<Evaluation> later = score(2, drawn(1));
        assertThat(later.get(1).task()).isEqualTo(committed.task());
        assertThat(later.get(1).result().measured().orElseThrow().predictions())
                .isEqualTo(committed.result().measured().orElseThrow().predictions());
        assertThat(later.get(1).result().measured().orElseThrow().score())
                .isEqualTo(committed.result().measured().orElseThrow().score());
        assertThat(later.get(0).result().measured().orElseThrow().predictions())
                .isNotEqualTo(committed.result().measured().orElseThrow().predictions());
    }

    @Test
    void withoutADecodingOrAtTemperatureZeroTextsAreGreedy() {
        Evaluation greedy = score(1, null).get(0);
        assertThat(score(1, new Decoding(0.0, 5, 0.5, 9L, null))
                        .get(0)
                        .result()
                        .measured()
                        .orElseThrow()
                        .predictions())
                .isEqualTo(greedy.result().measured().orElseThrow().predictions());
        assertThat(score(1, drawn(1)).get(0).result().measured().orElseThrow().predictions())
                .isNotEqualTo(greedy.result().measured().orElseThrow().predictions());
    }
}
