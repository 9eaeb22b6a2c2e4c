package io.tessellate.engine.answer;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.text.Generation;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.text.Prompt;
import io.tessellate.engine.model.text.Sampling;
import io.tessellate.engine.model.text.SteadyGeneration;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers of a decoder by its own prediction of tokens: a choice between completions, or a text. Questions share passes as far as no bit of an answer depends on it. */
final class TextAnswers {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final ModelPasses passes;
    private final ChoiceAnswers choices;
    private final SteadyGeneration generation;

    TextAnswers(ModelPasses passes) {
        this.model = passes.language();
        this.tokenizer = passes.tokenizer();
        this.passes = passes;
        this.choices = new ChoiceAnswers(model);
        this.generation = new SteadyGeneration(model);
    }

    List<Answer> answer(Weights weights, AskedTask task, List<EncodedExample> questions) {
        @Nullable Answer[] answers = new Answer[questions.size()];
        List<Integer> chosen = new ArrayList<>();
        List<Integer> continued = new ArrayList<>();
        for (int q = 0; q < answers.length; q++) {
            EncodedExample question = questions.get(q);
            if (!question.rivals().completions().isEmpty()) {
                chosen.add(q);
            } else if (most(task, question) < 1) {
                answers[q] = new Answer.Text("", false);
            } else {
                continued.add(q);
            }
        }
        put(answers, chosen, choices.answer(weights, of(questions, chosen)));
        put(answers, continued, texts(weights, task, of(questions, continued)));
        return List.of(Arrays.copyOf(answers, answers.length, Answer[].class));
    }

    long refusedShapes() {
        return choices.refusedShapes() + generation.refusedShapes();
    }

    long usedShapes() {
        return choices.usedShapes() + generation.usedShapes();
    }

    private static List<EncodedExample> of(List<EncodedExample> questions, List<Integer> places) {
        return places.stream().map(questions::get).toList();
    }

    private static void put(@Nullable Answer[] answers, List<Integer> places, List<Answer> found) {
        for (int i = 0; i < places.size(); i++) {
            answers[places.get(i)] = found.get(i);
        }
    }

    /** Most tokens of a question's text. */
    private int most(AskedTask task, EncodedExample question) {
        return Math.min(
                task.most(),
                model.config().maxPositions() - question.sequences().get(0).length());
    }

    private List<Answer> texts(Weights weights, AskedTask task, List<EncodedExample> questions) {
        if (questions.isEmpty()) {
            return List.of();
        }
        Decoding decoding = task.decoding();
        Sampling sampling = new Sampling(decoding.temperature(), decoding.topK(), decoding.topP(), decoding.seed());
        List<Prompt> prompts = questions.stream()
                .map(question -> new Prompt(question.sequences().get(0), question.identity()))
                .toList();
        List<int[]> texts =
                generation.run(weights, new Generation(model, sampling, task.most(), passes.ends()), prompts);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int[] tokens = texts.get(i);
            answers.add(new Answer.Text(
                    tokenizer.decodeBehind(prompts.get(i).tokens().ids(), tokens),
                    tokens.length < most(task, questions.get(i))));
        }
        return answers;
    }
}
