package io.tessellate.engine.answer;

import io.tessellate.dataset.Question;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TextObjective;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.fixture.TrainingFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * How much sooner a decoder has answered questions that are asked together than the same ones one after the other, in alternated
 * rounds behind as many that are not counted: the median of both and of their ratio. Run by hand; {@code docs/results/predictions.md} holds what it printed.
 *
 * <p>{@code DecoderAnswersBenchmark MODEL_DIRECTORY QUESTIONS NEW_TOKENS ROUNDS WORDS}
 */
final class DecoderAnswersBenchmark {
    private static final List<String> WORDS =
            List.of("Once", "upon", "a", "time", "the", "little", "girl", "saw", "big", "dog", "and", "ran");

    private final TaskAnswers answers;
    private final Weights weights;
    private final AskedTask task;
    private final List<EncodedExample> questions;

    private DecoderAnswersBenchmark(
            TaskAnswers answers, Weights weights, AskedTask task, List<EncodedExample> questions) {
        this.answers = answers;
        this.weights = weights;
        this.task = task;
        this.questions = questions;
    }

    public static void main(String[] arguments) {
        BaseModel base = BaseModel.load(Path.of(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[3]);
        Decoding decoding = new Decoding(0, 0, 1, 0, Integer.parseInt(arguments[2]));
        AskedTask task = new AskedTask(TextObjective.GENERATION, decoding, Precision.FP32);
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), Recipe.of(Map.of("maxLength", 64)));
                Weights weights = base.weights(TrainingFixture.BACKEND);
                TaskAnswers answers = new TaskAnswers(TrainingFixture.BACKEND, base)) {
            for (boolean choices : new boolean[] {false, true}) {
                List<EncodedExample> questions = asked(count, Integer.parseInt(arguments[4]), choices).stream()
                        .map(question -> encoding.encode(task.objective(), question))
                        .toList();
                new DecoderAnswersBenchmark(answers, weights, task, questions)
                        .run(choices ? "choices" : "texts", rounds);
            }
            System.out.printf("shapes used %d, refused %d%n", answers.usedShapes(), answers.refusedShapes());
        }
    }

    private static List<Question> asked(int count, int words, boolean choices) {
        Random random = new Random(7);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = String.join(
                    " ",
                    random.ints(1 + random.nextInt(words), 0, WORDS.size())
                            .mapToObj(WORDS::get)
                            .toList());
            questions.add(choices ? new Question(null, text, null, WORDS.subList(0, 2), false) : Question.of(text));
        }
        return questions;
    }

    private void run(String what, int rounds) {
        List<Double> alone = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = -rounds; round < rounds; round++) {
            long begun = System.nanoTime();
            List<Answer> each =
                    questions.stream().map(one -> ask(List.of(one)).get(0)).toList();
            long between = System.nanoTime();
            List<Answer> all = ask(questions);
            long end = System.nanoTime();
            if (!all.equals(each)) {
                throw new IllegalStateException("answers differ");
            }
            // Those before prove the shapes, and let the JVM compile.
            if (round >= 0) {
                alone.add((between - begun) / 1e6);
                together.add((end - between) / 1e6);
                ratios.add((double) (end - between) / (between - begun));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d one by one %.1f ms, together %.1f ms, ratio %.2f (%.2f to %.2f)%n",
                what,
                questions.size(),
                middle(alone),
                middle(together),
                middle(ratios),
                ratios.stream().min(Double::compare).orElseThrow(),
                ratios.stream().max(Double::compare).orElseThrow());
    }

    private List<Answer> ask(List<EncodedExample> asked) {
        return answers.answer(weights, Head.none(), task, asked);
    }

    private static double middle(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
