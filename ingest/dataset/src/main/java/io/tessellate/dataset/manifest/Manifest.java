package io.tessellate.dataset.manifest;

import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a dataset is and how to train on it, with the usual values filled in. One that comes from a topic is read by {@link
 * ManifestCodec}.
 *
 * @param task the task it is for
 * @param closed whether all records have been written
 * @param objective what is trained
 * @param labels names of the classes in the order of their numbers; empty where there are none
 * @param metric what the task is measured by
 * @param fields what the records call the parts of an example
 * @param evalShare share of the examples without a split that is put into eval
 * @param expectedRecords how many records were announced; null where none were
 * @param tolerance largest share of bad records with which the dataset is accepted
 * @param digest the content that was announced; null where none was
 * @param recipe the fields that its recipe sets, by name
 * @param promptTemplate what a prompt becomes before the model reads it
 * @param decoding how texts are decoded when the task is scored
 * @param chatTemplate what makes texts of records that hold messages; empty: they hold prompts and completions
 * @param forgettingBudget largest drop of its union score with which a later version is promoted; empty: the model's
 */
public record Manifest(
        TaskId task,
        boolean closed,
        Objective objective,
        List<String> labels,
        MetricName metric,
        FieldNames fields,
        double evalShare,
        @Nullable Long expectedRecords,
        double tolerance,
        @Nullable Sha256 digest,
        Map<String, Object> recipe,
        String promptTemplate,
        Decoding decoding,
        Optional<ChatTemplate> chatTemplate,
        Optional<Double> forgettingBudget) {
    /** Share of the examples that is put into eval unless a manifest says otherwise. */
    public static final double DEFAULT_EVAL_SHARE = 0.1;

    /** Largest share of bad records unless a manifest says otherwise. */
    public static final double DEFAULT_TOLERANCE = 0.01;

    /** What stands for a record's own prompt in a template. */
    public static final String PROMPT = "{prompt}";

    public Manifest {
        labels = List.copyOf(labels);
        recipe = Collections.unmodifiableMap(new TreeMap<>(recipe));
    }

    /**
     * Whether an example's choices are compared by how likely the model itself finds them: then its records hold choices,
     * whichever of the two objectives that can be so measured is named, and no head is trained.
     */
    public boolean byLikelihood() {
        return metric == MetricName.CHOICE_LIKELIHOOD;
    }

    /** Whether its records hold choices of which one is right. */
    public boolean ofChoices() {
        return objective.answer() == Objective.Answer.CHOICE || byLikelihood();
    }

    /** The canonical text of its recipe. */
    public String recipeText() {
        return RecipeText.of(recipe);
    }
}
