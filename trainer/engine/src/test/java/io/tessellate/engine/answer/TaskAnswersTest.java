package io.tessellate.engine.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.Question;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.fixture.TinyDecoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A question has one answer, whatever is asked beside it. */
class TaskAnswersTest {
    private static final List<String> DECODER_WORDS =
            IntStream.range(0, 24).mapToObj(i -> "word" + (char) ('a' + i) + i).toList();

    @TempDir
    private Path directory;

    private static AskedTask task(TrainingObjective objective, Precision precision) {
        return new AskedTask(objective, Decoding.GREEDY, precision);
    }

    private static List<Question> texts(List<String> words, int count, int longest) {
        Random random = new Random(3);
        List<Question> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(Question.of(String.join(
                    " ",
                    random.ints(1 + random.nextInt(longest), 0, words.size())
                            .mapToObj(words::get)
                            .toList())));
        }
        return texts;
    }

    /** Answers all of some questions one by one, then shuffled and in parts, several times: shapes are proven on the way. */
    private static void oneAnswerEach(BaseModel base, Head head, AskedTask task, List<Question> questions) {
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of("maxLength", 64)));
                Weights weights = base.weights(TrainingFixture.BACKEND);
                TaskAnswers alone = new TaskAnswers(TrainingFixture.BACKEND, base);
                TaskAnswers together = new TaskAnswers(TrainingFixture.BACKEND, base)) {
            List<EncodedExample> encoded = questions.stream()
                    .map(question -> encoding.encode(task.objective(), question))
                    .toList();
            List<Answer> wanted = encoded.stream()
                    .map(one -> alone.answer(weights, head, task, List.of(one)).get(0))
                    .toList();
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, encoded.size()).boxed().toList());
            for (int round = 0; round < 3; round++) {
                Collections.shuffle(order, new Random(round));
                int half = order.size() / (round + 1);
                for (List<Integer> part : List.of(order.subList(0, half), order.subList(half, order.size()))) {
                    List<Answer> answers = together.answer(
                            weights, head, task, part.stream().map(encoded::get).toList());
                    for (int i = 0; i < part.size(); i++) {
                        assertThat(answers.get(i)).isEqualTo(wanted.get(part.get(i)));
                    }
                }
            }
            assertThat(together.usedShapes()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void classesAndValuesDoNotDependOnWhatSharesTheirBatch(Precision precision) throws IOException {
        BaseModel base = BaseModel.load(TinyBase.write(directory));
        int features = Encoder.features(base.config());
        Head head = Head.initial(3, features, new Random(1));
        oneAnswerEach(base, head, task(HeadObjective.CLASSIFICATION, precision), texts(TinyBase.WORDS, 50, 20));
        Head value = Head.initial(1, features, new Random(2));
        oneAnswerEach(base, value, task(HeadObjective.REGRESSION, precision), texts(TinyBase.WORDS, 20, 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-tiny-8k-selfpretrained", "all-minilm-l6-v2"})
    void theSameHoldsForPublishedModels(String model) {
        BaseModel base = BaseModel.load(RealData.require("models/" + model));
        Head head = Head.initial(2, Encoder.features(base.config()), new Random(1));
        oneAnswerEach(
                base,
                head,
                task(HeadObjective.CLASSIFICATION, Precision.FP32),
                texts(List.of("a", "film", "of", "wonder", "dull", "never", "bright", "market"), 24, 24));
    }

    @Test
    void probabilitiesSumToOneAndTheLargestIsTheAnswer() throws IOException {
        BaseModel base = BaseModel.load(TinyBase.write(directory));
        Head head = Head.initial(4, Encoder.features(base.config()), new Random(1));
        AskedTask task = task(HeadObjective.CLASSIFICATION, Precision.FP32);
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of()));
                Weights weights = base.weights(TrainingFixture.BACKEND);
                TaskAnswers answers = new TaskAnswers(TrainingFixture.BACKEND, base)) {
            EncodedExample asked = encoding.encode(task.objective(), Question.of("red cat"));
            Answer.Choice choice = (Answer.Choice)
                    answers.answer(weights, head, task, List.of(asked)).get(0);
            assertThat(choice.probabilities()).hasSize(4);
            assertThat(choice.probabilities().stream()
                            .mapToDouble(share -> share)
                            .sum())
                    .isCloseTo(1, within(1e-12));
            assertThat(choice.probabilities().get(choice.index())).isEqualTo(Collections.max(choice.probabilities()));
        }
    }

    @Test
    void choicesOfDifferentNumberAndLengthAreEachComparedAmongThemselves() throws IOException {
        BaseModel base = BaseModel.load(TinyBase.write(directory));
        Head head = Head.initial(1, Encoder.features(base.config()), new Random(1));
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            List<String> choices = TinyBase.WORDS.subList(0, 2 + i % 3);
            questions.add(new Question(null, "the " + TinyBase.WORDS.get(i % 14), null, choices, false));
        }
        oneAnswerEach(base, head, task(HeadObjective.MULTIPLE_CHOICE, Precision.FP32), questions);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void textsAndLikelihoodsOfADecoderAreTheirOwn(Precision precision) throws IOException {
        BaseModel base = BaseModel.load(TinyDecoder.write(directory, DECODER_WORDS));
        decoderAnswers(base, precision, DECODER_WORDS, 5);
    }

    /** Prompts of other lengths than each other, greedy texts and drawn ones, choices of other number and length. */
    private static void decoderAnswers(BaseModel base, Precision precision, List<String> words, int most) {
        for (Decoding decoding : List.of(new Decoding(0, 0, 1, 0, most), new Decoding(0.8, 12, 0.9, 7, most))) {
            AskedTask task = new AskedTask(TextObjective.GENERATION, decoding, precision);
            oneAnswerEach(base, Head.none(), task, texts(words, 12, 12));
        }
        AskedTask task = new AskedTask(TextObjective.GENERATION, Decoding.GREEDY, precision);
        List<Question> asked = texts(words, 16, 12);
        List<Question> choices = IntStream.range(0, asked.size())
                .mapToObj(i ->
                        new Question(null, asked.get(i).text(), null, words.subList(i % 3, i % 3 + 2 + i % 2), false))
                .toList();
        oneAnswerEach(base, Head.none(), task, choices);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories260k", "tinystories-656k"})
    void textsAndLikelihoodsOfPublishedDecodersAreTheirOwn(String model) {
        BaseModel base = BaseModel.load(RealData.require("models/" + model));
        decoderAnswers(base, Precision.FP32, List.of("Once", "upon", "a", "time", "the", "little", "girl", "saw"), 12);
    }

    @Test
    void aPromptThatLeavesNoRoomIsRefused() throws IOException {
        BaseModel base = BaseModel.load(TinyDecoder.write(directory, DECODER_WORDS));
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of("maxLength", 4)))) {
            String prompt = String.join(" ", DECODER_WORDS);
            EncodedExample asked = encoding.encode(TextObjective.GENERATION, Question.of(prompt));
            assertThatThrownBy(() -> TaskAnswers.requireRoom(asked, encoding.longest()))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEXT_TOO_LONG));
        }
    }
}
