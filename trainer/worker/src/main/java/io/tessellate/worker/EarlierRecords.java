package io.tessellate.worker;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.registry.client.DatasetLog;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Earlier datasets lie where they always lay: in their topics. */
final class EarlierRecords implements EarlierTasks.Reading {
    private final DatasetLog datasets;
    private final Function<ClosedDataset, List<Example>> examples;
    private final BaseModel base;
    private final Views views;

    /**
     * A reader of what a version has learnt.
     *
     * @param datasets closed so far
     * @param examples reads the train split of one
     * @param views of the version
     */
    EarlierRecords(DatasetLog datasets, Function<ClosedDataset, List<Example>> examples, BaseModel base, Views views) {
        this.datasets = datasets;
        this.examples = examples;
        this.base = base;
        this.views = views;
    }

    @Override
    public EarlierTask whole(CommittedVersion committed, int place) {
        ClosedDataset dataset = dataset(committed);
        TaskEncoding encoding = new TaskEncoding(base, dataset.manifest());
        FittedSplit fitted = encoding.fit(examples.apply(dataset), Recipe.parse(committed.recipe()))
                .require(committed.task().toString(), 1);
        return EarlierTask.of(encoding.data(committed.task(), fitted), views.head(place), place);
    }

    /** The values of a regression that an earlier release trained are read: its adapter does not say their units. */
    @Override
    public EarlierTask head(CommittedVersion committed, int place) {
        Manifest manifest = dataset(committed).manifest();
        TrainingObjective objective = new TaskEncoding(base, manifest).objective();
        Optional<ValueUnits> units =
                views.adapters().get(place).metadata().units().map(ValueUnits::of);
        if (objective == HeadObjective.REGRESSION && units.isEmpty()) {
            return whole(committed, place).headAlone();
        }
        ValueUnits of = units.orElse(ValueUnits.NONE);
        return new EarlierTask(committed.task(), objective, views.head(place), of, List.of(), place);
    }

    private ClosedDataset dataset(CommittedVersion committed) {
        return datasets.datasets()
                .find(committed.task(), committed.datasetDigest())
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK,
                        "dataset %s of %s, to be looked back at, is in no event"
                                .formatted(committed.datasetDigest(), committed.task())));
    }
}
