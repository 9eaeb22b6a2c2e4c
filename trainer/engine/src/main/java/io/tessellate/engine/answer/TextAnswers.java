package io.tessellate.engine.answer;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.text.Completions;
import io.tessellate.engine.model.text.Generation;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.text.Prompt;
import io.tessellate.engine.model.text.Sampling;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers of a decoder by its own prediction of tokens. Each question goes through the model by itself, so that its bits are its own:
 * a step of generation has one row for each text, and its sums are added up otherwise with every number of rows.
 */
final class TextAnswers {
    private static final int MOST_RIVALS = 16;

    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final ModelPasses passes;

    TextAnswers(ModelPasses passes) {
        this.model = passes.language();
        this.tokenizer = passes.tokenizer();
        this.passes = passes;
    }

    List<Answer> answer(Weights weights, AskedTask task, List<EncodedExample> questions) {
        return questions.stream()
                .map(question -> question.rivals().completions().isEmpty()
                        ? text(weights, task, question)
                        : choice(weights, question))
                .toList();
    }

    private Answer text(Weights weights, AskedTask task, EncodedExample question) {
        Decoding decoding = task.decoding();
        Sampling sampling = new Sampling(decoding.temperature(), decoding.topK(), decoding.topP(), decoding.seed());
        Prompt prompt = new Prompt(question.sequences().get(0), question.identity());
        int length = prompt.tokens().length();
        int most = Math.min(task.most(), model.config().maxPositions() - length);
        if (most < 1) {
            return new Answer.Text("", false);
        }
        int[] tokens = new Generation(model, sampling, most, passes.ends())
                .run(weights, List.of(prompt))
                .get(0);
        return new Answer.Text(tokenizer.decodeBehind(prompt.tokens().ids(), tokens), tokens.length < most);
    }

    /** The choice whose tokens have the least mean loss; probabilities are the softmax of what is left of the loss, negated. */
    private Answer choice(Weights weights, EncodedExample question) {
        List<EncodedExample> rivals = question.rivals().completions();
        List<Double> losses = new ArrayList<>();
        for (int from = 0; from < rivals.size(); from += MOST_RIVALS) {
            List<EncodedExample> some = rivals.subList(from, Math.min(rivals.size(), from + MOST_RIVALS));
            int[] prompts =
                    some.stream().mapToInt(rival -> (int) rival.target()).toArray();
            Completions completions = new Completions(EncodedExample.batch(some, model.config()), prompts);
            for (double loss : model.losses(weights, completions)) {
                losses.add(loss);
            }
        }
        float[] likelihoods = new float[rivals.size()];
        for (int i = 0; i < likelihoods.length; i++) {
            int tokens = rivals.get(i).completionTokens();
            likelihoods[i] = tokens == 0 ? Float.NEGATIVE_INFINITY : (float) (-losses.get(i) / tokens);
        }
        Answer.Choice choice = Probabilities.choice(likelihoods);
        if (choice.probabilities().stream().anyMatch(share -> share.isNaN())) {
            throw new TessellateException(
                    ErrorCode.TEXT_TOO_LONG,
                    "maxLength leaves nothing of any of the %d choices behind the prompt".formatted(rivals.size()));
        }
        return choice;
    }
}
