package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.recipe.MaskSource;
import io.tessellate.recipe.RecipeField;
import io.tessellate.registry.client.DatasetLog;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A dataset, of whatever model, on which a recipe calibrates its mask. */
final class MaskDataset {
    private MaskDataset() {}

    /** The closed dataset that a recipe names; none if it names none, UNKNOWN_TASK if there is no such dataset. */
    static Optional<ClosedDataset> find(Recipe recipe, DatasetLog datasets, Duration patience) {
        return recipe.calibration().source().dataset().map(source -> {
            datasets.awaitCaughtUp(patience);
            return source.digest()
                    .map(digest -> datasets.datasets().find(source.task(), digest))
                    .orElseGet(() -> datasets.datasets().newest(source.task()))
                    .orElseThrow(() -> new TessellateException(
                            ErrorCode.UNKNOWN_TASK,
                            "recipe field 'maskFrom' is %s but no such dataset was closed"
                                    .formatted(recipe.calibration().maskFrom())));
        });
    }

    /** The recipe of record names the content, so that to train it again is to calibrate on the same. */
    static Recipe named(Recipe recipe, Optional<ClosedDataset> found) {
        Optional<MaskSource.Dataset> source = recipe.calibration().source().dataset();
        return found.isEmpty() || source.isEmpty()
                ? recipe
                : recipe.with(
                        RecipeField.MASK_FROM.text(),
                        source.get().at(found.get().digest()));
    }

    /** Reads it; what keeps it from being read is said with the field's name. */
    static <T> T reading(Recipe recipe, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            throw new TessellateException(
                    e.code(),
                    "recipe field 'maskFrom' is %s, which cannot be calibrated on: %s"
                            .formatted(recipe.calibration().maskFrom(), e.getMessage()),
                    e);
        }
    }
}
