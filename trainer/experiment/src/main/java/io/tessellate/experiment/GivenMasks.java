package io.tessellate.experiment;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.stream.SequentialRun;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plan.GivenMask;
import io.tessellate.experiment.plan.Job;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The weights that the tasks of a job are given, where they do not find their own. */
final class GivenMasks {
    private final Job job;
    private final BaseModel model;
    private @Nullable Mask first;

    GivenMasks(Job job, BaseModel model) {
        this.job = job;
        this.model = model;
    }

    /** Learns a task, within what it is given if it is given anything; INVALID_CONFIGURATION if it did not train all of that. */
    void learn(SequentialRun run, StreamTask task, int place) {
        Recipe recipe = job.recipes().get(place);
        Optional<Mask> given = of(recipe, place);
        if (given.isEmpty()) {
            run.learn(task, recipe, step -> {});
            return;
        }
        long entries = run.learnWithin(given.get(), task, recipe, step -> {}).entries();
        if (entries != given.get().cardinality()) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "task '%s' was given %d weights and trained %d: an arm with 'within' needs method random, density 1 and exhaustion shrink"
                            .formatted(task.data().task().task(), given.get().cardinality(), entries));
        }
    }

    private Optional<Mask> of(Recipe recipe, int place) {
        GivenMask within = job.within();
        if (within == null || within.isFirst()) {
            return within == null ? Optional.empty() : Optional.ofNullable(first);
        }
        Mask targeted = model.layout().weights(recipe.targets()::contains);
        return Optional.of(
                within.mask(model.layout().eligible(), targeted, new Seeds(recipe.seed()).of("given mask " + place)));
    }

    /** A task was learnt; the first one's mask may be that of the others. */
    void learnt(Adapter adapter) {
        first = first == null ? adapter.mask(model.layout().eligible()) : first;
    }
}
