package io.tessellate.pipeline.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskManifest;
import io.tessellate.file.JsonText;
import io.tessellate.file.TextFile;
import io.tessellate.id.TaskId;
import io.tessellate.recipe.RecipeField;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads what a dataset is from a file: a manifest in JSON or YAML with the fields of {@code TaskManifest}. */
final class ManifestFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ManifestFile() {}

    /** A manifest; unknown fields are refused. */
    static TaskManifest.Builder manifest(Path file, TaskId task) {
        ObjectNode node = read(file)
                .put("model", task.model().value())
                .put("task", task.task().value());
        if (node.get("recipe") instanceof ObjectNode recipe) {
            raced(recipe);
        }
        return TaskManifest.newBuilder(AvroFields.read(node, TaskManifest.class, file.toString()));
    }

    /** Fields that say {@code auto} are named in a list, since the record has a number for each. */
    private static void raced(ObjectNode recipe) {
        for (RecipeField field : RecipeField.values()) {
            if (field.grid().isPresent() && recipe.path(field.text()).asText().equals(RecipeField.AUTO)) {
                recipe.remove(field.text());
                recipe.withArray(RecipeField.AUTO).add(field.text());
            }
        }
    }

    private static ObjectNode read(Path file) {
        JsonNode node = file.toString().endsWith(".json") ? JsonText.read(file) : yaml(file);
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new TessellateException(ErrorCode.INVALID_MANIFEST, file + " holds no object");
    }

    private static JsonNode yaml(Path file) {
        String text = TextFile.read(file);
        try {
            return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            String where =
                    mark == null ? "" : ", line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST, "%s%s: this is not YAML".formatted(file, where), e);
        } catch (YAMLException e) {
            throw new TessellateException(ErrorCode.INVALID_MANIFEST, file + " is not YAML", e);
        }
    }
}
