package io.tessellate.engine.objective;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Question;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/** What a model's own prediction of tokens is trained towards; no head of the task's own. */
public enum TextObjective implements TrainingObjective {
    /** The text that follows a prompt, token by token. */
    GENERATION;

    @Override
    public Optional<HeadObjective> head() {
        return Optional.empty();
    }

    @Override
    public boolean needsDecoder() {
        return true;
    }

    @Override
    public boolean packable() {
        return true;
    }

    @Override
    public int outputs(int classes) {
        return 0;
    }

    @Override
    public EncodedExample encode(Example example, Encoding encoding) {
        return encoding.completion(example);
    }

    @Override
    public EncodedExample encode(Question question, Encoding encoding) {
        return encoding.asked(question);
    }

    @Override
    public Head initialHead(int outputs, int features, List<EncodedExample> train, Random random) {
        return Head.none();
    }

    @Override
    public OptionalDouble constantLoss(List<EncodedExample> examples) {
        return OptionalDouble.empty();
    }

    @Override
    public Learner learner(ModelPasses passes) {
        return new CompletionLearner(passes.language());
    }

    @Override
    public Scorer scorer(ModelPasses passes) {
        return new TextScorer(passes.language(), passes.tokenizer(), passes.ends());
    }
}
