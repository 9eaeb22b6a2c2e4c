package io.tessellate.engine.train;

import io.tessellate.engine.method.CandidateWeights;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.MaskSize;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.recipe.MethodTable;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.mask.Mask;
import io.tessellate.mask.grant.Exhaustion;

/** The masks of one training: the first, those chosen anew in the middle of it, and all that they cover together. */
final class TaskMasks {
    private final MaskSearch search;
    private final Method method;
    private final Mask targeted;
    private final boolean chooses;
    private PlanRequest request;
    private MaskPlan covered = new MaskPlan.Everything();

    TaskMasks(TrainingJob job, ParameterLayout layout, MaskSearch search) {
        this.search = search;
        this.method = MethodTable.of(job.recipe().methodName());
        this.chooses = RequestedWeights.chooses(job.recipe());
        this.targeted = layout.weights(job.recipe().targets()::contains);
        this.request = request(job, RequestedWeights.candidates(job.recipe(), layout));
    }

    private static PlanRequest request(TrainingJob job, Mask targeted) {
        Recipe recipe = job.recipe();
        MaskSize size = new MaskSize(
                recipe.density(),
                recipe.calibration().ticketDensity(),
                recipe.maskScope(),
                recipe.refreshes(),
                recipe.exhaustion());
        Mask owned = job.parent().owned();
        Mask taken = size.exhaustion() == Exhaustion.OVERLAP ? taken(job, targeted, owned) : Mask.none(owned.space());
        return new PlanRequest(CandidateWeights.of(targeted, owned.minus(taken)), size, job.grant());
    }

    /** What is lacking, taken from earlier tasks. */
    private static Mask taken(TrainingJob job, Mask targeted, Mask owned) {
        long wanted =
                PlanRequest.inAll(targeted, job.recipe().density(), job.recipe().refreshes());
        long lacking = wanted - targeted.minus(owned).cardinality();
        return lacking <= 0
                ? Mask.none(owned.space())
                : StoredChanges.smallest(job.parent(), owned.intersection(targeted), lacking);
    }

    /** The mask to begin with. */
    MaskPlan first() {
        MaskPlan plan = choose();
        covered = plan;
        return plan;
    }

    /** Another mask, chosen at the values that weights and head have now. */
    MaskPlan anew(Head head) {
        search.midway(head);
        MaskPlan plan = choose();
        covered = covered.with(plan);
        return plan;
    }

    private MaskPlan choose() {
        MaskPlan plan = chooses ? chosen() : given();
        request = plan.entries().map(request::touching).orElse(request);
        return plan;
    }

    /** Others take the place of those that are left out. */
    private MaskPlan chosen() {
        Mask avoided = search.avoided(request, method.candidates(request));
        return method.plan(request.avoiding(avoided), search).within(targeted);
    }

    /** Nothing can take a weight's place in a mask that its structure fixes: without those left out it is smaller. */
    private MaskPlan given() {
        MaskPlan plan = method.plan(request, search).within(targeted);
        return plan.entries()
                .map(mask -> plan.within(search.spared(request, mask)))
                .orElse(plan);
    }

    /** All that the masks so far cover: what the task owns. */
    MaskPlan covered() {
        return covered;
    }
}
