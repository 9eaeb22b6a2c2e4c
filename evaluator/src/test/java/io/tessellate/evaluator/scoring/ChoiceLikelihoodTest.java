package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Choices that a small decoder without a head compares by their likelihood, from manifest to hits. */
class ChoiceLikelihoodTest {
    private final Backend backend = Backends.open(Backends.HOST);
    private Path directory;
    private BlobStore blobs;
    private SmallDecoder model;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        model = new SmallDecoder(directory, blobs);
    }

    private EvalSet questions(Objective objective, BaseModel base, CommittedVersion version) {
        Manifest manifest = ManifestCodec.fromAvro(TaskManifest.newBuilder()
                .setModel("bot")
                .setTask(version.task().task().value())
                .setObjective(objective)
                .setMetric("choice_likelihood")
                .build());
        Random drawn = new Random(3);
        List<Example> examples = IntStream.range(0, 30)
                .mapToObj(i -> Example.eval(
                        SmallDecoder.WORDS.get(drawn.nextInt(24)),
                        new Label.Choice(
                                drawn.nextInt(3),
                                List.of(
                                        SmallDecoder.WORDS.get(drawn.nextInt(24)),
                                        SmallDecoder.WORDS.get(drawn.nextInt(24)) + " "
                                                + SmallDecoder.WORDS.get(drawn.nextInt(24)),
                                        SmallDecoder.WORDS.get(drawn.nextInt(24))))))
                .toList();
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of()))) {
            return EvalSet.of(manifest, encoding.encode(TrainingObjective.declaredBy(manifest), examples), examples);
        }
    }

    private EncoderScoring scoring(Objective objective) {
        return new EncoderScoring(
                new LiveModels(blobs, directory.resolve("laid"), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE)),
                (base, version) -> questions(objective, base, version),
                blobs,
                new ScoringStarts(directory.resolve("starts")),
                Clock.systemUTC(),
                TaskViewMode.ALWAYS);
    }

    @ParameterizedTest
    @EnumSource(
            value = Objective.class,
            names = {"GENERATION", "MULTIPLE_CHOICE"})
    void bothObjectivesScoreChoicesByTheDecodersOwnLikelihood(Objective objective) throws IOException {
        model.commit("quiz", 0);
        try (EncoderScoring scoring = scoring(objective)) {
            Evaluation evaluation =
                    WholeVersion.scored(scoring, model.line(), 1).get(0);
            assertThat(evaluation.metric()).isEqualTo("choice_likelihood");
            List<JsonNode> hits = new ArrayList<>();
            for (String line : new String(
                            blobs.read(evaluation
                                    .result()
                                    .measured()
                                    .orElseThrow()
                                    .hits()
                                    .sha256()),
                            StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                hits.add(new ObjectMapper().readTree(line));
            }
            assertThat(hits).hasSize(30);
            assertThat(hits).extracting(hit -> hit.get("prediction").asInt()).contains(0, 1, 2);
            long right = hits.stream().filter(hit -> hit.get("hit").asBoolean()).count();
            assertThat(evaluation.result().measured().orElseThrow().score()).isEqualTo(right / 30.0);
        }
    }

    @Test
    void theTaskViewKeepsEveryLikelihoodBitForBit() {
        model.commit("quiz", 0);
        model.commit("later", 100);
        try (EncoderScoring scoring = scoring(Objective.GENERATION)) {
            Evaluation committed = WholeVersion.scored(scoring, model.line(), 1).get(0);
            List<Evaluation> later = WholeVersion.scored(scoring, model.line(), 2);
            assertThat(later.get(1).result().measured().orElseThrow().predictions())
                    .isEqualTo(committed.result().measured().orElseThrow().predictions());
            assertThat(later.get(0).result().measured().orElseThrow().predictions())
                    .isNotEqualTo(committed.result().measured().orElseThrow().predictions());
        }
    }
}
