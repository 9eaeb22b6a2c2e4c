package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.Truncation;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.metric.Perplexity;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StandaloneGrants;
import io.tessellate.engine.tokenizer.SmallTokenizers;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.train.Trainer;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingJob;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.Interruptions;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.VersionDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generation through the training loop: loss on completions only, scored by likelihood and by text. */
class GenerationTest {
    private static final int END = 2;

    @TempDir
    private Path directory;

    /** Completions are the prompt's two tokens shifted by ten, then the end. */
    private static List<EncodedExample> shifted(int seed, int count) {
        Random random = new Random(seed);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int a = 3 + random.nextInt(10);
            int b = 3 + random.nextInt(10);
            int[] ids = {a, b, a + 10, b + 10, END};
            examples.add(new EncodedExample(List.of(new TokenSequence(ids, new int[ids.length])), 2, ""));
        }
        return examples;
    }

    private static TrainingJob job(
            ModelConfig config, Views views, Recipe recipe, List<EncodedExample> train, List<EarlierTask> earlier) {
        Mask owned = views.adapters().stream()
                .map(adapter -> adapter.mask(views.base().layout().eligible()))
                .reduce(Mask.none(views.base().layout().eligible()), Mask::union);
        ParentVersion parent =
                new ParentVersion(config, ToyEncoder.digest(), VersionDigest.base(ToyEncoder.digest()), views, owned);
        TaskId task = TaskId.of("toy", "shift" + earlier.size());
        TaskData data = new TaskData(task, TextObjective.GENERATION, 0, train);
        return new TrainingJob(
                new RunId("run-1"),
                recipe,
                data,
                parent,
                new StandaloneGrants(ToyEncoder.digest())
                        .grant(recipe, owned, views.base().layout()),
                earlier);
    }

    private TrainingOutcome train(TrainingJob job, String where) {
        CheckpointStore checkpoints = new CheckpointStore(directory.resolve(where));
        return new Trainer(TrainingFixture.BACKEND).train(job, TrainingControl.unattended(checkpoints));
    }

    @Test
    void aDecoderLearnsToContinueReplaysAndKeepsItsTaskView() {
        Recipe recipe = Recipe.of(Map.of("method", "lotto", "density", 0.4, "epochs", 12, "learningRate", 1e-2));
        List<EncodedExample> train = shifted(1, 200);
        List<EncodedExample> eval = shifted(2, 40);
        try (Views views = new Views(ToyDecoder.weights(TrainingFixture.BACKEND), List.of());
                LanguageModel model = new LanguageModel(TrainingFixture.BACKEND, ToyDecoder.CONFIG)) {
            CompletionLearner learner = new CompletionLearner(model);
            double before = learner.loss(views.base(), noHead(), eval);
            Adapter adapter = train(job(ToyDecoder.CONFIG, views, recipe, train, List.of()), "1")
                    .adapter();
            assertThat(adapter.head()).isEmpty();
            views.commit(adapter);
            double after = learner.loss(views.union(), noHead(), eval);
            assertThat(after).isLessThan(before / 3);

            double[] kept = learner.losses(views.task(0), eval);
            EarlierTask earlier = EarlierTask.of(
                    new TaskData(TaskId.of("toy", "shift0"), TextObjective.GENERATION, 0, train),
                    Views.headOf(adapter),
                    0);
            Recipe replaying = recipe.with("epochs", 1).with("replayShare", 0.5);
            views.commit(train(job(ToyDecoder.CONFIG, views, replaying, shifted(3, 100), List.of(earlier)), "2")
                    .adapter());
            assertThat(learner.losses(views.task(0), eval)).isEqualTo(kept);
        }
    }

    @Test
    void aTaskWithoutAHeadCannotSayWhatItReads() {
        Recipe recipe = Recipe.of(Map.of("method", "full", "features", "token"));
        try (Views views = new Views(ToyDecoder.weights(TrainingFixture.BACKEND), List.of())) {
            TrainingJob job = job(ToyDecoder.CONFIG, views, recipe, shifted(1, 10), List.of());
            assertThatThrownBy(() -> train(job, "none"))
                    .hasMessageContaining("'features' is token")
                    .hasMessageContaining("toy/shift0 is GENERATION and has no head");
        }
    }

    private static Head noHead() {
        return Head.none();
    }

    @Test
    void aStoppedRunWithEveryOptionEndsInTheSameAdapter() {
        Recipe recipe = Recipe.of(Map.of(
                "method",
                "full",
                "epochs",
                3,
                "learningRate",
                3e-3,
                "dropout",
                0.1,
                "microBatch",
                5,
                "stopShare",
                0.2,
                "clipTensorNorm",
                0.5,
                "schedule",
                "cosine"));
        try (Views views = new Views(ToyDecoder.weights(TrainingFixture.BACKEND), List.of())) {
            TrainingJob job = job(ToyDecoder.CONFIG, views, recipe, shifted(1, 100), List.of());
            TrainingOutcome undisturbed = train(job, "1");
            assertThat(interrupted(job)).isEqualTo(undisturbed);
        }
    }

    private TrainingOutcome interrupted(TrainingJob job) {
        return Interruptions.every(4, directory.resolve("2")).train(job);
    }

    @Test
    void aModelThatPredictsNoTokensCannotGenerate() {
        Recipe recipe = Recipe.of(Map.of("method", "full"));
        try (Views views = new Views(ToyEncoder.weights(TrainingFixture.BACKEND), List.of())) {
            TrainingJob job = job(ToyEncoder.CONFIG, views, recipe, shifted(1, 10), List.of());
            assertThatThrownBy(() -> train(job, "1"))
                    .isInstanceOfSatisfying(
                            TessellateException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL));
        }
    }

    @Test
    void aRealDecoderIsTrainedFromTextAndScoredByTextAndLikelihood() {
        BaseModel base = BaseModel.load(RealData.require("models/stories260k"));
        Recipe recipe = Recipe.of(Map.of("method", "full", "epochs", 80, "learningRate", 3e-3, "maxLength", 64));
        List<Example> texts = List.of(
                Example.train("Lily has 2 cats. How many cats?", new Label.Completion(" She has 2. #### 2")),
                Example.train("Tom has 3 dogs. How many dogs?", new Label.Completion(" He has 3. #### 3")));
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe);
                Tokenizer tokenizer =
                        Tokenizer.load(base.tokenizerFile(), base.config().maxPositions());
                Views views = new Views(base.weights(TrainingFixture.BACKEND), List.of());
                LanguageModel model = new LanguageModel(TrainingFixture.BACKEND, base.config())) {
            List<EncodedExample> encoded = encoding.encode(TextObjective.GENERATION, texts);
            assertThat(encoded.get(0).completionTokens())
                    .isBetween(5, encoded.get(0).length() - 5);
            TextScorer scorer = new TextScorer(model, tokenizer, EndTokens.of(base.directory()));
            Score untrained =
                    scorer.score(views.base(), Head.none(), Measure.by(MetricName.INVERSE_PERPLEXITY), encoded);

            views.commit(train(job(base.config(), views, recipe, encoded, List.of()), "1")
                    .adapter());
            Weights trained = views.union();
            Score likely = scorer.score(trained, Head.none(), Measure.by(MetricName.INVERSE_PERPLEXITY), encoded);
            assertThat(likely.value()).isGreaterThan(0.8).isGreaterThan(untrained.value());
            assertThat(Perplexity.of(
                            new double[] {likely.prediction(0), likely.prediction(1)},
                            encoded.stream()
                                    .mapToDouble(EncodedExample::completionTokens)
                                    .toArray()))
                    .isCloseTo(1 / likely.value(), within(1e-9));
            assertThat(scorer.score(trained, Head.none(), Measure.by(MetricName.GSM8K), encoded)
                            .value())
                    .isEqualTo(1);
            assertThat(scorer.score(trained, Head.none(), Measure.by(MetricName.ROUGEL), encoded)
                            .value())
                    .isEqualTo(1);
            assertThat(scorer.score(trained, Head.none(), Measure.by(MetricName.EXACT_MATCH), encoded)
                            .hit(0))
                    .isTrue();
            assertThat(scorer.score(trained, Head.none(), Measure.by(MetricName.GSM8K), encoded)
                            .digest())
                    .isEqualTo(scorer.score(trained, Head.none(), Measure.by(MetricName.GSM8K), encoded)
                            .digest());
        }
    }

    @Test
    void aRightAnswerIsScoredRightWhereTheTokenizerJoinsItToItsPrompt() {
        BaseModel base = BaseModel.load(RealData.require("models/tinystories-656k"));
        Recipe recipe = Recipe.of(Map.of("method", "full", "epochs", 40, "learningRate", 2e-3, "maxLength", 64));
        List<Example> texts = new ArrayList<>();
        for (int day = 0; day < 4; day++) {
            texts.add(Example.train("The day is Monday %d. Say:".formatted(day), new Label.Completion(" yes")));
            texts.add(Example.train("The day is Friday %d. Say:".formatted(day), new Label.Completion(" no")));
        }
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe);
                Tokenizer tokenizer =
                        Tokenizer.load(base.tokenizerFile(), base.config().maxPositions());
                Views views = new Views(base.weights(TrainingFixture.BACKEND), List.of());
                LanguageModel model = new LanguageModel(TrainingFixture.BACKEND, base.config())) {
            int[] prompt = tokenizer.encode("Say:").ids();
            assertThat(Arrays.mismatch(prompt, tokenizer.encode("Say: yes").ids()))
                    .as("the joint text has a token that reaches across")
                    .isLessThan(prompt.length);
            List<EncodedExample> encoded = encoding.encode(TextObjective.GENERATION, texts);
            views.commit(train(job(base.config(), views, recipe, encoded, List.of()), "1")
                    .adapter());
            TextScorer scorer = new TextScorer(model, tokenizer, EndTokens.of(base.directory()));
            for (MetricName metric : List.of(MetricName.EXACT_MATCH, MetricName.ROUGEL)) {
                assertThat(scorer.score(views.union(), Head.none(), Measure.by(metric), encoded)
                                .value())
                        .isEqualTo(1);
            }
            assertThat(scorer.score(views.union(), Head.none(), Measure.by(MetricName.INVERSE_PERPLEXITY), encoded)
                            .value())
                    .isGreaterThan(0.9);
        }
    }

    @Test
    void whereNothingIsLeftOfAnyCompletionNothingIsScored() {
        List<EncodedExample> cut = List.of(new EncodedExample(
                List.of(new TokenSequence(new int[] {3, 4}, new int[2])),
                2,
                "gone",
                EncodedExample.Rivals.NONE,
                Truncation.NOTHING));
        try (Views views = new Views(ToyDecoder.weights(TrainingFixture.BACKEND), List.of());
                Tokenizer tokenizer = Tokenizer.load(SmallTokenizers.words(directory, "say"), 8);
                LanguageModel model = new LanguageModel(TrainingFixture.BACKEND, ToyDecoder.CONFIG)) {
            TextScorer scorer = new TextScorer(model, tokenizer, Set.of());
            for (MetricName metric : List.of(MetricName.INVERSE_PERPLEXITY, MetricName.EXACT_MATCH)) {
                assertThatThrownBy(() -> scorer.score(views.base(), Head.none(), Measure.by(metric), cut))
                        .isInstanceOfSatisfying(
                                TessellateException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.NOTHING_TO_LEARN))
                        .hasMessageContaining("maxLength");
            }
        }
    }
}
