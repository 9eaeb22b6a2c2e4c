package io.tessellate.worker;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.DatasetReader;
import io.tessellate.dataset.log.OffsetRange;
import io.tessellate.dataset.log.ReadRecords;
import io.tessellate.dataset.log.RecordCounts;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.recipe.MaskSource;
import io.tessellate.recipe.RecipeField;
import io.tessellate.registry.client.DatasetIndex;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Data on which a recipe calibrates its mask and which the model need not have learnt: of whatever model, or of a topic's offsets. */
final class MaskDataset {
    private static final Logger LOG = LoggerFactory.getLogger(MaskDataset.class);

    private final Supplier<DatasetIndex> closed;
    private final DatasetReader reader;

    /**
     * What was read.
     *
     * @param task whose data it is; of records of a topic the task that borrows them
     * @param manifest by whose rules it was read
     * @param train its train split
     * @param exactly what the recipe of record says in place of what was given: the same, by its content
     */
    record Borrowed(TaskId task, Manifest manifest, List<Example> train, String exactly) {
        Borrowed {
            train = List.copyOf(train);
        }

        /** The recipe of record: to train it again is to calibrate on the same. */
        Recipe named(Recipe recipe) {
            return recipe.with(RecipeField.MASK_FROM.text(), exactly);
        }
    }

    /**
     * A reader of such data.
     *
     * @param closed the datasets closed so far, once all that was said before is known
     */
    MaskDataset(Supplier<DatasetIndex> closed, DatasetReader reader) {
        this.closed = closed;
        this.reader = reader;
    }

    /**
     * What a recipe names beside the task's own data and its model's earlier tasks; nothing if it names none.
     *
     * @param own the dataset of the task, by whose manifest records of a topic are read
     * @throws TessellateException UNKNOWN_TASK if no such dataset was closed, INVALID_RECIPE if there are no such records, or with the code of
     *     what is wrong with them; always with the field's name
     */
    Optional<Borrowed> of(Recipe recipe, ClosedDataset own) {
        MaskSource source = recipe.calibration().source();
        if (source instanceof MaskSource.Dataset dataset) {
            return Optional.of(naming(recipe, () -> dataset(dataset)));
        }
        return source instanceof MaskSource.Records records
                ? Optional.of(naming(recipe, () -> records(records, own)))
                : Optional.empty();
    }

    private Borrowed dataset(MaskSource.Dataset source) {
        DatasetIndex index = closed.get();
        ClosedDataset dataset = source.digest()
                .map(digest -> index.find(source.task(), digest))
                .orElseGet(() -> index.newest(source.task()))
                .orElseThrow(() -> new TessellateException(ErrorCode.UNKNOWN_TASK, "no such dataset was closed"));
        return new Borrowed(
                dataset.task(), dataset.manifest(), reader.read(dataset, Split.TRAIN), source.at(dataset.digest()));
    }

    private Borrowed records(MaskSource.Records source, ClosedDataset own) {
        ReadRecords read = reader.read(
                source.topic(),
                source.stretches().stream()
                        .map(stretch -> new OffsetRange(stretch.partition(), stretch.from(), stretch.to()))
                        .toList(),
                own.manifest(),
                own.textLimit());
        requireExamples(read, own);
        Sha256 digest = read.dataset().digest();
        source.digest().filter(named -> !named.equals(digest)).ifPresent(named -> {
            throw new TessellateException(
                    ErrorCode.DIGEST_MISMATCH, "its examples are other ones now: digest %s".formatted(digest));
        });
        LOG.info(
                "{} calibrates on {} of {} records of {}: {} are of the eval split and left out, {} come again, {} are no examples{}",
                own.task(),
                read.dataset().train().size(),
                read.counts().read(),
                source.topic(),
                read.dataset().eval().size(),
                read.counts().duplicates(),
                read.counts().deadLettered(),
                read.refused()
                        .map(" (the first: "::concat)
                        .map(first -> first + ")")
                        .orElse(""));
        return new Borrowed(own.task(), own.manifest(), read.dataset().train(), source.at(digest));
    }

    /** Records of another kind than the task's would leave a mask of whatever few happen to fit. */
    private static void requireExamples(ReadRecords read, ClosedDataset own) {
        RecordCounts counts = read.counts();
        double tolerance = own.manifest().tolerance();
        if (counts.deadLettered() > tolerance * counts.read()) {
            throw new TessellateException(
                    ErrorCode.TOO_MANY_BAD_RECORDS,
                    "%d of its %d records are no examples by the manifest of %s, tolerated is a share of %s; the first, at %s"
                            .formatted(
                                    counts.deadLettered(),
                                    counts.read(),
                                    own.task(),
                                    tolerance,
                                    read.refused().orElse("an unknown place")));
        }
        if (read.dataset().train().isEmpty()) {
            throw new TessellateException(
                    ErrorCode.EMPTY_SPLIT, "none of its %d records is a train example".formatted(counts.read()));
        }
    }

    /** What keeps it from being read or used is said with the field's name. */
    static <T> T naming(Recipe recipe, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            throw new TessellateException(
                    e.code() == ErrorCode.INVALID_ARGUMENT ? ErrorCode.INVALID_RECIPE : e.code(),
                    "recipe field 'maskFrom' is %s, which cannot be calibrated on: %s"
                            .formatted(recipe.calibration().maskFrom(), e.getMessage()),
                    e);
        }
    }
}
