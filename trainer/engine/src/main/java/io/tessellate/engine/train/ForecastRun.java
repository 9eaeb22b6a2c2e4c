package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.forecast.EarlierConflict;
import io.tessellate.engine.forecast.MaskForecast;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.plan.MemoryPlanner;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.grant.Grant;
import io.tessellate.method.Trait;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The beginning of a training, as far as its first mask; with all the code that a training finds its mask by. */
final class ForecastRun {
    private final Backend backend;
    private final MemoryBudget budget;
    private final TrainingControl control;
    private long steps;

    ForecastRun(Backend backend, MemoryBudget budget, TrainingControl control) {
        this.backend = backend;
        this.budget = budget;
        this.control = control;
    }

    MaskForecast of(TrainingJob asked, List<EarlierTask> every, double share) {
        TrainingJob whole = asked.inStandardUnits();
        List<EarlierTask> all = every.stream().map(EarlierTask::inStandardUnits).toList();
        SortedMap<String, Double> presumed = RecipeRace.prior(whole);
        TrainingJob job =
                RecipeRace.settled(whole, presumed).on(part(whole.data().train(), share));
        TrainingJob unowned = unowned(job);
        MemoryPlanner planner = Trainer.planner(unowned, backend);
        Recipe recipe = job.recipe();
        String name = "forecast of %s".formatted(job.data().task());
        long parent = job.parent().views().union().bytes().vectors();
        try (MemoryBudget.Admission admitted =
                budget.admit(name, backend, planner::plan, recipe.batchSize(), recipe.microBatch(), parent)) {
            int micro = admitted.plan().microBatch();
            return admitted(
                    Trainer.calibrated(job.inMicroBatches(micro)),
                    Trainer.calibrated(unowned.inMicroBatches(micro)),
                    all,
                    presumed,
                    whole.data().train().size());
        }
    }

    private static List<EncodedExample> part(List<EncodedExample> train, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "a share must be above 0 and no more than 1, not " + share);
        }
        long count = Math.max(1, Math.round(share * train.size()));
        List<EncodedExample> part = new ArrayList<>();
        for (long n = 0; n < count; n++) {
            part.add(train.get((int) (n * train.size() / count)));
        }
        return part;
    }

    /** The same on a version of the same weights that nobody owns any of. */
    private static TrainingJob unowned(TrainingJob job) {
        ParentVersion parent = job.parent();
        Mask none = Mask.none(parent.owned().space());
        Grant grant = job.grant().lift().isPresent()
                ? job.grant()
                : Grant.of(none.space().size(), job.grant().sharedMask());
        return new TrainingJob(
                job.run(),
                job.recipe(),
                job.data(),
                new ParentVersion(parent.config(), parent.base(), parent.digest(), parent.views(), none),
                grant,
                job.earlier(),
                job.maskData());
    }

    private MaskForecast admitted(
            TrainingJob job, TrainingJob unowned, List<EarlierTask> all, SortedMap<String, Double> presumed, int of) {
        Backend seen = job.recipe().precision().of(backend);
        try (ModelPasses passes =
                new ModelPasses(seen, job.parent().config(), job.recipe().kept())) {
            Choice chosen = choice(job, seen, passes);
            Mask wanted = asks(job) || chosen.mask().isEmpty()
                    ? choice(unowned, seen, passes)
                            .mask()
                            .orElseThrow(() -> new TessellateException(ErrorCode.CAPACITY, chosen.lacking()))
                    : chosen.mask().get();
            ParameterLayout layout = job.parent().views().union().layout();
            return new MaskForecast(
                    job.recipe(),
                    presumed,
                    job.data().train().size(),
                    of,
                    steps,
                    RequestedWeights.candidates(job.recipe(), layout),
                    job.parent().owned(),
                    wanted,
                    chosen.mask(),
                    chosen.lacking(),
                    conflicts(job, all, chosen.mask().orElse(wanted), seen, passes));
        }
    }

    /** Whether the mask depends on what earlier tasks own. */
    private static boolean asks(TrainingJob job) {
        return !job.parent().owned().isEmpty()
                && job.grant().lift().isEmpty()
                && !job.recipe().methodName().has(Trait.MAY_OVERLAP);
    }

    /** What is chosen, or why nothing can be. */
    private record Choice(Optional<Mask> mask, String lacking) {}

    private Choice choice(TrainingJob job, Backend seen, ModelPasses passes) {
        boolean looks = job.recipe().methodName().has(Trait.LOOKS_AT_DATA);
        Recipe recipe = looks ? job.recipe() : unrehearsed(job.recipe());
        Curriculum curriculum = Curriculum.of(recipe, job.data(), job.learnt());
        TrainingWatch watch = new TrainingWatch(job, job.digest(seen), control);
        var gradients = new GradientSources(curriculum, job.learnt(), passes, seen, watch::stopIfAsked);
        Weights parent = job.parent().views().union();
        try (Weights weights = parent.copy()) {
            var loop = new TrainingLoop(recipe, gradients, watch, weights, Optional.empty());
            var run = new TrainingRun(job, curriculum, gradients, loop, parent);
            Mask mask = mask(run.mask(), job);
            steps += run.searched();
            return new Choice(Optional.of(mask), "");
        } catch (TessellateException e) {
            if (e.code() != ErrorCode.CAPACITY) {
                throw e;
            }
            return new Choice(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** The same with neither replay nor distillation of any kind, for which every earlier view would be asked. */
    private static Recipe unrehearsed(Recipe recipe) {
        return recipe.with(RecipeField.REPLAY_SHARE.text(), 0)
                .with(RecipeField.DISTILL_SHARE.text(), 0)
                .with(RecipeField.PSEUDO_SHARE.text(), 0);
    }

    private static Mask mask(MaskPlan plan, TrainingJob job) {
        if (plan instanceof MaskPlan.LowRank lowRank) {
            Mask.Builder whole = Mask.builder(lowRank.matrices().space());
            for (int t = 0; t < lowRank.matrices().space().tensorCount(); t++) {
                if (lowRank.matrices().cardinality(t) > 0) {
                    whole.addAll(lowRank.matrices().space().tensor(t).name());
                }
            }
            return whole.build();
        }
        return plan.entries().orElseGet(() -> Mask.all(job.parent().owned().space()));
    }

    /** Every earlier task counts, whether or not the recipe replays any. */
    private List<EarlierConflict> conflicts(
            TrainingJob job, List<EarlierTask> all, Mask over, Backend seen, ModelPasses passes) {
        LearntTasks learnt = new LearntTasks(job.parent(), all, job.maskData());
        Curriculum curriculum = Curriculum.of(unrehearsed(job.recipe()), job.data(), learnt);
        TrainingWatch watch = new TrainingWatch(job, job.digest(seen), control);
        var gradients = new GradientSources(curriculum, learnt, passes, seen, watch::stopIfAsked);
        Weights union = job.parent().views().union();
        TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(over), union.layout());
        return gradients.angles(entries, union, curriculum.initialHead(Phase.TRAIN));
    }
}
