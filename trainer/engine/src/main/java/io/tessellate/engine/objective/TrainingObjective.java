package io.tessellate.engine.objective;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Question;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Head;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * What a task is trained towards, and with it how its examples are encoded, learnt and scored: through a head of the task's own
 * over the model's features, or as text through the model's own prediction of tokens.
 */
public sealed interface TrainingObjective permits HeadObjective, TextObjective {
    /** The objective of a manifest's task on a model; INVALID_MANIFEST if it needs a decoder and the model is none. */
    static TrainingObjective of(Manifest manifest, ModelConfig model) {
        TrainingObjective declared = declaredBy(manifest);
        if (declared.needsDecoder() && !model.causal()) {
            String what = manifest.objective() == Objective.MULTIPLE_CHOICE
                    ? "metric " + manifest.metric().label()
                    : "objective " + manifest.objective();
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST,
                    "%s needs a decoder, and a model of type '%s' is none".formatted(what, model.modelType()));
        }
        return declared;
    }

    /** The objective that a manifest asks for, whatever the model. */
    static TrainingObjective declaredBy(Manifest manifest) {
        return switch (manifest.objective()) {
            case CLASSIFICATION -> HeadObjective.CLASSIFICATION;
            case REGRESSION -> HeadObjective.REGRESSION;
            case MULTIPLE_CHOICE -> manifest.byLikelihood() ? TextObjective.GENERATION : HeadObjective.MULTIPLE_CHOICE;
            case GENERATION -> TextObjective.GENERATION;
        };
    }

    /** The objective of the task's own head, if it has one. */
    Optional<HeadObjective> head();

    /** Whether only a decoder can be trained towards it. */
    boolean needsDecoder();

    /** Whether several examples may share a sequence. */
    boolean packable();

    /** Outputs of the task's head where the manifest names so many classes; 0 if it has no head. */
    int outputs(int classes);

    /** An example as the model sees it. */
    EncodedExample encode(Example example, Encoding encoding);

    /** A question as the model sees it: an example with nothing behind it. */
    EncodedExample encode(Question question, Encoding encoding);

    /**
     * The task's head before training.
     *
     * @param outputs of the head
     * @param features of the model
     * @param train what it will be trained on
     */
    Head initialHead(int outputs, int features, List<EncodedExample> train, Random random);

    /** The units of the targets of a train split. */
    default ValueUnits units(List<EncodedExample> train) {
        return ValueUnits.NONE;
    }

    /** The least mean loss of an answer that is the same for all examples; empty where the model answers before it is trained. */
    OptionalDouble constantLoss(List<EncodedExample> examples);

    /**
     * The mean loss of an answer that knows nothing of the examples, in standard units; empty where it depends on them what there is to choose from.
     *
     * @param outputs of the task's head
     */
    default OptionalDouble blindLoss(int outputs) {
        return OptionalDouble.empty();
    }

    /** What learns examples on a model; UNSUPPORTED_MODEL if it predicts no tokens but has to. */
    Learner learner(ModelPasses passes);

    /** What scores examples on a model; UNSUPPORTED_MODEL if it predicts no tokens but has to. */
    Scorer scorer(ModelPasses passes);
}
