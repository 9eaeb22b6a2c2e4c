package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.Encoder;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.ModelConfig;
import io.tessellate.engine.model.ToyEncoder;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.stream.StandaloneGrants;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.id.RunId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.VersionDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A toy model with some committed tasks, to train the next one on. */
final class TrainingFixture implements AutoCloseable {
    static final Backend BACKEND = Backends.open(Backends.HOST);

    private final ModelConfig config;
    private final Views views;
    private final List<EarlierTask> earlier = new ArrayList<>();
    private Mask owned;

    /** On an encoder. */
    TrainingFixture() {
        this(ToyEncoder.CONFIG, ToyEncoder.weights(BACKEND));
    }

    /** On any model; takes its weights over. */
    TrainingFixture(ModelConfig config, Weights base) {
        this.config = config;
        this.views = new Views(base, List.of());
        this.owned = Mask.none(base.layout().eligible());
    }

    TrainingJob job(StreamTask task, Recipe recipe) {
        VersionDigest digest = VersionDigest.base(ToyEncoder.digest());
        ParentVersion parent = new ParentVersion(config, ToyEncoder.digest(), digest, views, owned);
        return new TrainingJob(
                new RunId("run-1"),
                recipe,
                task.data(),
                parent,
                new StandaloneGrants(ToyEncoder.digest())
                        .grant(recipe, owned, views.base().layout()),
                earlier);
    }

    TrainingOutcome train(StreamTask task, Recipe recipe, Path checkpoints) {
        return train(job(task, recipe), TrainingControl.unattended(new CheckpointStore(checkpoints)));
    }

    TrainingOutcome train(TrainingJob job, TrainingControl control) {
        return new Trainer(BACKEND).train(job, control);
    }

    void commit(StreamTask task, Adapter adapter) {
        views.commit(adapter);
        earlier.add(new EarlierTask(task.data(), Views.headOf(adapter), earlier.size()));
        owned = owned.union(adapter.mask(owned.space()));
    }

    Views views() {
        return views;
    }

    Mask owned() {
        return owned;
    }

    Score score(StreamTask task, Weights weights, Head head) {
        try (var encoder = new Encoder(BACKEND, config)) {
            return new Scorer(encoder, config)
                    .score(
                            weights,
                            head,
                            task.data().objective(),
                            task.measure().metric(),
                            task.eval());
        }
    }

    @Override
    public void close() {
        views.close();
    }
}
