package io.tessellate.dataset.manifest;

import io.tessellate.event.FieldMapping;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.recipe.RecipeField;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** From manifests as topics hold them to ours. */
public final class ManifestCodec {
    /** The field that names those which are left to a race. */
    private static final String RACED = "auto";

    private ManifestCodec() {}

    /**
     * The manifest with the usual values filled in. It should be known to be sound.
     *
     * @throws io.tessellate.error.TessellateException INVALID_MANIFEST for a metric or a decoding that there is not
     */
    public static Manifest fromAvro(TaskManifest avro) {
        Objective objective = objective(avro.getObjective());
        return new Manifest(
                TaskId.of(avro.getModel(), avro.getTask()),
                closed(avro),
                objective,
                avro.getLabels(),
                avro.getMetric() == null ? objective.usualMetric() : MetricName.named(avro.getMetric()),
                fields(avro.getFields()),
                orElse(avro.getEvalShare(), Manifest.DEFAULT_EVAL_SHARE),
                avro.getExpectedRecords(),
                orElse(avro.getTolerance(), Manifest.DEFAULT_TOLERANCE),
                avro.getDatasetDigest() == null ? null : new Sha256(avro.getDatasetDigest()),
                recipe(avro.getRecipe()),
                orElse(avro.getPromptTemplate(), Manifest.PROMPT),
                decoding(avro.getDecoding()),
                Optional.ofNullable(avro.getChatTemplate()).map(ManifestCodec::chatTemplate),
                Optional.ofNullable(avro.getForgettingBudget()));
    }

    private static <T> T orElse(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }

    private static boolean closed(TaskManifest avro) {
        return switch (avro.getState()) {
            case OPEN -> false;
            case CLOSED -> true;
        };
    }

    /** What an objective is called in topics. */
    static Objective objective(io.tessellate.event.Objective avro) {
        return Objective.valueOf(avro.name());
    }

    /** How topics call an objective. */
    public static io.tessellate.event.Objective toAvro(Objective objective) {
        return io.tessellate.event.Objective.valueOf(objective.name());
    }

    private static FieldNames fields(@Nullable FieldMapping avro) {
        return avro == null
                ? FieldNames.OWN
                : new FieldNames(
                        avro.getId(),
                        avro.getSplit(),
                        avro.getText(),
                        avro.getTextPair(),
                        avro.getLabel(),
                        avro.getPrompt(),
                        avro.getCompletion(),
                        avro.getChoices(),
                        avro.getMessages());
    }

    /** The fields that a recipe sets, by name; those that it leaves to a race hold the word for that. */
    public static Map<String, Object> recipe(@Nullable Recipe avro) {
        if (avro == null) {
            return new TreeMap<>();
        }
        Map<String, Object> given = given(avro);
        given.remove(RACED);
        if (avro.getAuto() != null) {
            avro.getAuto().forEach(field -> given.merge(field, RecipeField.AUTO, "%s and %s"::formatted));
        }
        return given;
    }

    /** The fields of any record that are not null, by name. */
    static Map<String, Object> given(SpecificRecord record) {
        Map<String, Object> given = new TreeMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (value != null) {
                given.put(field.name(), value);
            }
        }
        return given;
    }

    private static ChatTemplate chatTemplate(io.tessellate.event.ChatTemplate avro) {
        return new ChatTemplate(
                avro.getTemplate(), avro.getTokens(), avro.getSwitches(), ChatTemplate.date(avro.getDate()));
    }

    /** How topics hold a chat template. */
    public static io.tessellate.event.ChatTemplate toAvro(ChatTemplate template) {
        return io.tessellate.event.ChatTemplate.newBuilder()
                .setTemplate(template.source())
                .setTokens(template.tokens())
                .setSwitches(template.switches())
                .setDate(template.date().map(LocalDate::toString).orElse(null))
                .build();
    }

    /** How texts are decoded by what a manifest says of it. */
    public static Decoding decoding(io.tessellate.event.@Nullable Decoding avro) {
        return avro == null
                ? Decoding.GREEDY
                : Decoding.of(
                        avro.getTemperature(), avro.getTopK(), avro.getTopP(), avro.getSeed(), avro.getMaxNewTokens());
    }
}
