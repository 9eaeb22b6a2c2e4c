package io.tessellate.pipeline.export;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.HeadTensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A task as somebody uses it who has an export and nothing else of ours.
 *
 * @param adapter its own
 * @param manifest of its dataset; empty where only the adapter's file is known
 * @param headFile where its head lies in the export; empty if it has none
 */
record ExportedTask(Adapter adapter, Optional<Manifest> manifest, String headFile) {
    String name() {
        return adapter.metadata().task().toString();
    }

    Recipe recipe() {
        return Recipe.parse(adapter.metadata().recipe());
    }

    /** Whether it was scored in another precision than exports are computed in. */
    boolean mixed() {
        return recipe().precision() != Precision.FP32;
    }

    boolean hasHead() {
        return !adapter.head().isEmpty();
    }

    /** Its manifest; UNKNOWN_TASK if none is known. */
    Manifest requireManifest() {
        return manifest.orElseThrow(() -> new TessellateException(
                ErrorCode.UNKNOWN_TASK, "the dataset that %s was trained on is in no event".formatted(name())));
    }

    /** What its answer is: told from its head where only that is known. */
    Objective.Answer answer() {
        return manifest.map(known -> known.byLikelihood()
                        ? Objective.Answer.CHOICE
                        : known.objective().answer())
                .orElse(
                        !hasHead()
                                ? Objective.Answer.TEXT
                                : outputs() == 1 ? Objective.Answer.VALUE : Objective.Answer.CLASS);
    }

    /** The classes' names, or their numbers where there are none. */
    List<String> labels() {
        List<String> named = manifest.map(Manifest::labels).orElse(List.of());
        return named.size() == outputs()
                ? named
                : IntStream.range(0, outputs()).mapToObj(Integer::toString).toList();
    }

    private int outputs() {
        return adapter.headTensor("bias")
                .map(HeadTensor::shape)
                .map(shape -> shape.dimension(0))
                .orElse(0);
    }
}
