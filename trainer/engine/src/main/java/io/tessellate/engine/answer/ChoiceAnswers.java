package io.tessellate.engine.answer;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.ProvenShapes;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.text.Completions;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.text.Likelihoods;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Answers of a decoder by which of several completions is likeliest. Questions of as many choices and of one padded length go through
 * the model together, as far as their shape is proven.
 */
final class ChoiceAnswers {
    /** Choices that go through the model together, those of other questions included. */
    private static final int MOST_RIVALS = 16;

    private final LanguageModel model;
    private final ProvenShapes<Shape, Likelihoods> proven = ProvenShapes.comparing(Likelihoods::same);

    ChoiceAnswers(LanguageModel model) {
        this.model = model;
    }

    /**
     * What sums follow from.
     *
     * @param together padded
     * @param aloneRows rows of one question by itself, which may be packed
     */
    private record Shape(BatchShape together, int aloneRows) {}

    List<Answer> answer(Weights weights, List<EncodedExample> questions) {
        Answer[] answers = new Answer[questions.size()];
        Map<Shape, List<Integer>> alike = new LinkedHashMap<>();
        for (int q = 0; q < answers.length; q++) {
            List<EncodedExample> rivals = questions.get(q).rivals().completions();
            if (rivals.size() > MOST_RIVALS) {
                answers[q] = choice(rivals, inParts(weights, rivals));
            } else {
                alike.computeIfAbsent(shape(List.of(rivals)), shape -> new ArrayList<>())
                        .add(q);
            }
        }
        alike.forEach((shape, places) -> {
            int most = (int) Math.max(
                    1,
                    Math.min(
                            MOST_RIVALS / shape.together().sequences(),
                            HeadAnswers.mostTokens() / shape.together().tokens()));
            for (int from = 0, size; from < places.size(); from += size) {
                size = Integer.highestOneBit(Math.min(most, places.size() - from));
                List<Integer> some = places.subList(from, from + size);
                List<List<EncodedExample>> members = some.stream()
                        .map(place -> questions.get(place).rivals().completions())
                        .toList();
                List<Likelihoods> found = likelihoods(weights, members);
                for (int i = 0; i < size; i++) {
                    answers[some.get(i)] = choice(members.get(i), found.get(i).losses());
                }
            }
        });
        return List.of(answers);
    }

    long refusedShapes() {
        return proven.refused();
    }

    long usedShapes() {
        return proven.used();
    }

    private Shape shape(List<List<EncodedExample>> members) {
        int[] lengths = members.get(0).stream().mapToInt(EncodedExample::length).toArray();
        int longest = Batch.paddedLength(
                members.stream()
                        .flatMap(List::stream)
                        .mapToInt(EncodedExample::length)
                        .toArray(),
                model.config());
        return new Shape(new BatchShape(members.size(), lengths.length, longest), Batch.rows(lengths, model.config()));
    }

    private List<Likelihoods> likelihoods(Weights weights, List<List<EncodedExample>> members) {
        return proven.rows(
                shape(members),
                members,
                () -> {
                    List<EncodedExample> all =
                            members.stream().flatMap(List::stream).toList();
                    List<TokenSequence> sequences =
                            all.stream().map(rival -> rival.sequences().get(0)).toList();
                    Completions completions = new Completions(Batch.padded(sequences, model.config()), prompts(all));
                    return model.likelihoods(weights, completions, members.size());
                },
                rivals -> model.likelihoods(weights, completions(rivals), 1).get(0));
    }

    private double[] inParts(Weights weights, List<EncodedExample> rivals) {
        DoubleStream losses = DoubleStream.empty();
        for (int from = 0; from < rivals.size(); from += MOST_RIVALS) {
            List<EncodedExample> some = rivals.subList(from, Math.min(rivals.size(), from + MOST_RIVALS));
            losses = DoubleStream.concat(losses, Arrays.stream(model.losses(weights, completions(some))));
        }
        return losses.toArray();
    }

    private Completions completions(List<EncodedExample> rivals) {
        return new Completions(EncodedExample.batch(rivals, model.config()), prompts(rivals));
    }

    private static int[] prompts(List<EncodedExample> rivals) {
        return rivals.stream().mapToInt(rival -> (int) rival.target()).toArray();
    }

    /** The choice whose tokens have the least mean loss; probabilities are the softmax of what is left of the loss, negated. */
    private static Answer choice(List<EncodedExample> rivals, double[] losses) {
        float[] likelihoods = new float[rivals.size()];
        for (int i = 0; i < likelihoods.length; i++) {
            int tokens = rivals.get(i).completionTokens();
            likelihoods[i] = tokens == 0 ? Float.NEGATIVE_INFINITY : (float) (-losses[i] / tokens);
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
