package io.tessellate.engine.answer;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.ProvenShapes;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers by a head of the task's own. Questions of one padded length go through the model together, in batches of 2, 4, 8 ...
 * so that few shapes occur, as far as their shape is proven.
 */
final class HeadAnswers {
    private static final int MOST_EXAMPLES = 32;
    /** Bounds the memory of a pass; a question that has more by itself goes alone. */
    private static final int MOST_TOKENS = 4096;

    private final Encoder encoder;
    private final ModelConfig config;
    private final ProvenShapes<BatchShape, float[]> proven = ProvenShapes.ofNumbers();

    HeadAnswers(Encoder encoder, ModelConfig config) {
        this.encoder = encoder;
        this.config = config;
    }

    /** Tokens of the largest batch of questions that are not larger by themselves. */
    static int mostTokens() {
        return MOST_TOKENS;
    }

    List<Answer> answer(Weights weights, Head head, HeadObjective objective, List<EncodedExample> questions) {
        @Nullable Answer[] answers = new Answer[questions.size()];
        for (List<Integer> batch : batches(questions)) {
            List<EncodedExample> members = batch.stream().map(questions::get).toList();
            List<float[]> features = features(weights, members);
            for (int i = 0; i < batch.size(); i++) {
                // All features, of which a head that reads one token's vector alone reads the first: with a row for
                // each token, not
                // for each example, more shapes give an example its own bits.
                float[] read = Arrays.copyOf(features.get(i), head.features());
                answers[batch.get(i)] = answer(head.logits(read), objective);
            }
        }
        return List.of(Arrays.copyOf(answers, answers.length, Answer[].class));
    }

    long refusedShapes() {
        return proven.refused();
    }

    long usedShapes() {
        return proven.used();
    }

    /** The places of questions that go through the model together. */
    private List<List<Integer>> batches(List<EncodedExample> questions) {
        Map<BatchShape, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            alike.computeIfAbsent(BatchShape.alone(questions.get(i), config), shape -> new ArrayList<>())
                    .add(i);
        }
        List<List<Integer>> batches = new ArrayList<>();
        alike.forEach((shape, places) -> {
            int most = (int) Math.max(1, Math.min(MOST_EXAMPLES, MOST_TOKENS / shape.tokens()));
            for (int from = 0, size; from < places.size(); from += size) {
                size = Integer.highestOneBit(Math.min(most, places.size() - from));
                batches.add(places.subList(from, from + size));
            }
        });
        return batches;
    }

    private List<float[]> features(Weights weights, List<EncodedExample> members) {
        return proven.rows(
                BatchShape.of(members, config),
                members,
                () -> split(pass(weights, members), members.size()),
                one -> pass(weights, List.of(one)));
    }

    private float[] pass(Weights weights, List<EncodedExample> members) {
        List<TokenSequence> sequences =
                members.stream().flatMap(member -> member.sequences().stream()).toList();
        return encoder.features(weights, Batch.padded(sequences, config));
    }

    private static List<float[]> split(float[] rows, int parts) {
        int size = rows.length / parts;
        return IntStream.range(0, parts)
                .mapToObj(part -> Arrays.copyOfRange(rows, part * size, (part + 1) * size))
                .toList();
    }

    private static Answer answer(float[] logits, HeadObjective objective) {
        for (int c = 0; c < logits.length; c++) {
            if (!Float.isFinite(logits[c])) {
                throw new TessellateException(ErrorCode.DIVERGED, "logit %d is %s".formatted(c, logits[c]));
            }
        }
        return switch (objective) {
            case REGRESSION -> new Answer.Value(logits[0]);
            case CLASSIFICATION, MULTIPLE_CHOICE -> Probabilities.choice(logits);
        };
    }
}
