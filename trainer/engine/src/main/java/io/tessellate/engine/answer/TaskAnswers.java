package io.tessellate.engine.answer;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.Truncation;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.precision.Precision;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions to tasks of every objective on one model. The same weights, head and question give the same answer, bit for bit,
 * whatever else is asked beside it, on the same kind of machine. It owns the memory of its passes; for one thread at a time.
 */
public final class TaskAnswers implements AutoCloseable {
    private final Backend backend;
    private final BaseModel base;
    private final Map<Precision, Passes> passes = new EnumMap<>(Precision.class);

    /** Answers by versions of a base model. */
    public TaskAnswers(Backend backend, BaseModel base) {
        this.backend = backend;
        this.base = base;
    }

    /** The passes in one precision, with what they were found to be good for. */
    private static final class Passes implements AutoCloseable {
        private final ModelPasses model;
        private final HeadAnswers heads;
        private @Nullable TextAnswers texts;

        Passes(ModelPasses model) {
            this.model = model;
            this.heads = new HeadAnswers(model.encoder(), model.config());
        }

        TextAnswers texts() {
            if (texts == null) {
                texts = new TextAnswers(model);
            }
            return texts;
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /**
     * Answers questions of one task; UNSUPPORTED_MODEL for texts of a model that predicts no tokens, DIVERGED where the weights
     * give no number.
     *
     * @param weights of the view that is asked
     * @param head the task's, or none
     * @param questions as the task's objective encodes them, none of them cut off entirely
     */
    public List<Answer> answer(Weights weights, Head head, AskedTask task, List<EncodedExample> questions) {
        Passes those = passes.computeIfAbsent(
                task.precision(), precision -> new Passes(new ModelPasses(precision.of(backend), base)));
        Optional<HeadObjective> byHead = task.objective().head();
        return byHead.isPresent()
                ? those.heads.answer(weights, head, byHead.get(), questions)
                : those.texts().answer(weights, task, questions);
    }

    /** Fails with TEXT_TOO_LONG where a question leaves no room for an answer. */
    public static void requireRoom(EncodedExample question, int longest) {
        if (question.truncation() == Truncation.NOTHING) {
            throw new TessellateException(
                    ErrorCode.TEXT_TOO_LONG,
                    "the prompt fills the %d tokens of the task's maxLength and leaves nothing for an answer"
                            .formatted(longest));
        }
    }

    /** Shapes of batches that are not used, since they would change bits. */
    public long refusedShapes() {
        return passes.values().stream()
                .mapToLong(each -> each.heads.refusedShapes())
                .sum();
    }

    /** Most tokens that go through the model together, unless one question has more. */
    public static int mostTokens() {
        return HeadAnswers.mostTokens();
    }

    @Override
    public void close() {
        passes.values().forEach(Passes::close);
        passes.clear();
    }
}
