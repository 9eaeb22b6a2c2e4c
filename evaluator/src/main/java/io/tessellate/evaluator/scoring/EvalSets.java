package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.DatasetReader;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.registry.client.DatasetIndex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The eval splits of tasks, encoded as their own recipes say; the last ones used are kept. */
final class EvalSets implements EvalSource {
    private static final Logger LOG = LoggerFactory.getLogger(EvalSets.class);
    private static final int KEPT = 64;

    private record Key(TaskId task, Sha256 dataset, String recipe, Sha256 base) {}

    private final DatasetReader reader;
    private final DatasetIndex datasets;
    private final Map<Key, EvalSet> kept = new LinkedHashMap<>(16, 0.75f, true);

    EvalSets(DatasetReader reader, DatasetIndex datasets) {
        this.reader = reader;
        this.datasets = datasets;
    }

    @Override
    public EvalSet of(BaseModel base, CommittedVersion version) {
        var key = new Key(version.task(), version.datasetDigest(), version.recipe(), base.digest());
        EvalSet known = kept.get(key);
        if (known != null) {
            return known;
        }
        EvalSet read = read(base, version);
        kept.put(key, read);
        kept.keySet().stream().limit(Math.max(0, kept.size() - KEPT)).toList().forEach(kept::remove);
        return read;
    }

    private EvalSet read(BaseModel base, CommittedVersion version) {
        ClosedDataset closed = datasets.require(version.task(), version.datasetDigest());
        List<Example> examples = reader.read(closed, Split.EVAL);
        Recipe recipe = Recipe.parse(version.recipe());
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe)) {
            FittedSplit fitted = encoding.fit(TrainingObjective.of(closed.manifest(), base.config()), examples)
                    .require("eval of " + version.task(), 1);
            if (fitted.lost()) {
                LOG.warn("eval of {}: {}", version.task(), fitted.text());
            }
            return EvalSet.of(closed.manifest(), fitted, examples).in(recipe.precision());
        }
    }
}
