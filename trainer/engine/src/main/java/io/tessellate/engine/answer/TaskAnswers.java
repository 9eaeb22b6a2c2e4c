package io.tessellate.engine.answer;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.Truncation;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.text.SteadyGeneration;
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

        long refusedShapes() {
            return heads.refusedShapes() + (texts == null ? 0 : texts.refusedShapes());
        }

        long usedShapes() {
            return heads.usedShapes() + (texts == null ? 0 : texts.usedShapes());
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
        return passes.values().stream().mapToLong(Passes::refusedShapes).sum();
    }

    /** Shapes of batches that are used, since they change no bit. */
    public long usedShapes() {
        return passes.values().stream().mapToLong(Passes::usedShapes).sum();
    }

    /** Most tokens that answering a text keeps beside its prompt and the most it may have, with its spare texts: see {@link #spareTexts}. */
    public static int spareTokens() {
        return SteadyGeneration.spareTokens();
    }

    /** Texts that go through the model beside those asked for, to be compared with them or idle. */
    public static int spareTexts() {
        return SteadyGeneration.spareTexts();
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
