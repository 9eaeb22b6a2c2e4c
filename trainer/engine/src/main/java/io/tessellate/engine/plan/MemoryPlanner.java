package io.tessellate.engine.plan;

import io.tessellate.engine.method.Avoidance;
import io.tessellate.engine.method.Salience;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.recipe.CalibrationScope;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplayTargets;
import io.tessellate.method.Trait;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Plans the memory of a training from the version's configuration, the recipe and the lengths of the examples. It follows what
 * the trainer does, allocation by allocation, and is held to it by a test for every method.
 */
public final class MemoryPlanner {
    /** Java's own objects, and the young part of the heap, which garbage fills again and again: the launcher limits it for workers. */
    private static final long JAVA = (24L + 72L) << 20;

    private final PlannedModel model;
    private final Recipe recipe;
    private final RunLengths lengths;
    private final BackendMemory backend;
    private final LargestPasses passes;
    private final WeightCounts counts;

    /** A planner of one run. */
    public MemoryPlanner(PlannedModel model, Recipe recipe, RunLengths lengths, BackendMemory backend) {
        this.model = model;
        this.recipe = recipe;
        this.lengths = lengths;
        this.backend = backend;
        this.counts = new WeightCounts(model, recipe);
        this.passes = new LargestPasses(model.config(), recipe, lengths);
    }

    /** The plan of a run in which at most so many examples of a step go through the model at once; 0: all. */
    public MemoryPlan plan(int microBatch) {
        List<PhaseMemory> phases = new ArrayList<>();
        PassFloats largest = PassFloats.NONE;
        for (PlannedPhase phase : PlannedPhase.values()) {
            if (occurs(phase)) {
                largest = largest.or(passes.of(phase, microBatch));
                phases.add(phase(phase, largest));
            }
        }
        return new MemoryPlan(phases, recipe.batchSize(), microBatch);
    }

    private boolean occurs(PlannedPhase phase) {
        boolean remembers = lengths.remembers();
        return switch (phase) {
            case TEACH ->
                recipe.replay().distils() && lengths.earlierHeads() > 0
                        || remembers
                                && recipe.replay().share() > 0
                                && recipe.replay().targets() == ReplayTargets.LOGITS;
            case AVOID -> remembers && recipe.avoid() != Avoidance.NONE;
            case SEARCH -> searches();
            case TRANSFORM -> recipe.transformation().share() > 0;
            case CONSOLIDATE -> remembers && recipe.elasticity() > 0;
            case REFRESH -> recipe.refreshes() > 0;
            case TRAIN, KEEP -> true;
            case SCORE -> false;
        };
    }

    /** A mask of all that there is is not looked for. */
    private boolean searches() {
        boolean salient = Salience.of(recipe.methodName()).isPresent();
        return salient || recipe.methodName().has(Trait.TRAINS_ON_TRIAL) && counts.owned() < counts.candidates();
    }

    private PhaseMemory phase(PlannedPhase phase, PassFloats largest) {
        Map<MemoryUse, Long> bytes = new EnumMap<>(MemoryUse.class);
        bytes.put(MemoryUse.PARENT, model.weights().vectors());
        bytes.put(MemoryUse.COPY, phase == PlannedPhase.TEACH ? 0 : copied(phase) + crowded(phase));
        bytes.put(MemoryUse.ACTIVATIONS, Float.BYTES * (largest.encoder() + largest.language()));
        bytes.put(MemoryUse.LOGITS, logits(phase));
        bytes.put(MemoryUse.ROUNDED, rounded(phase));
        bytes.put(MemoryUse.WIDENED, widened(phase, largest));
        bytes.put(MemoryUse.KERNELS, kernels(largest));
        bytes.put(
                MemoryUse.ROWS,
                2L * Float.BYTES * largest.tokens() * model.config().hidden());
        bytes.put(MemoryUse.EARLIER, earlier());
        long made = phase == PlannedPhase.TEACH ? new EarlierAnswers(recipe, lengths).inputs() : 0;
        bytes.put(MemoryUse.EXAMPLES, lengths.bytes() + made);
        bytes.put(MemoryUse.LIBRARIES, backend.libraries() + model.weights().halves());
        trained(phase, bytes);
        bytes.put(MemoryUse.JAVA, JAVA + 2 * model.weights().overlays());
        return new PhaseMemory(phase, bytes);
    }

    private long kernels(PassFloats largest) {
        long allocated = backend.kernelsAllocate() ? Float.BYTES * largest.kernels() : 0;
        long inner = largest.tokens() * model.config().innerColumns();
        boolean rounds = backend.rounds(recipe.precision());
        return allocated + (rounds ? backend.roundedBytes() * Math.max(inner, counts.largest()) : 0);
    }

    /** How many of the version's weights and the run's own went through a pass so far. */
    private int passed(PlannedPhase now) {
        boolean parents = false;
        boolean own = false;
        for (PlannedPhase phase : PlannedPhase.values()) {
            if (occurs(phase) && phase.compareTo(now) <= 0) {
                boolean ofVersion = phase == PlannedPhase.TEACH
                        || phase == PlannedPhase.CONSOLIDATE
                        || phase == PlannedPhase.AVOID && recipe.avoid() == Avoidance.FISHER;
                parents |= ofVersion;
                own |= !ofVersion;
            }
        }
        return (parents ? 1 : 0) + (own ? 1 : 0);
    }

    private long rounded(PlannedPhase now) {
        return backend.rounds(recipe.precision()) ? (long) passed(now) * Short.BYTES * counts.linears() : 0;
    }

    /** Whether candidates, or what the task comes to own, were moved so far. */
    private boolean moved(PlannedPhase now, boolean candidates) {
        for (PlannedPhase phase : PlannedPhase.values()) {
            if (occurs(phase) && phase.compareTo(now) <= 0) {
                boolean moves = candidates
                        ? phase == PlannedPhase.TRANSFORM || phase == PlannedPhase.SEARCH && movesCandidates()
                        : phase == PlannedPhase.TRAIN;
                if (moves) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Of the run's own weights only what it moves lies anywhere: segments in 32 bits, of which those are copied that are written to. */
    private long copied(PlannedPhase now) {
        long all = model.weights().vectors();
        if (model.weights().halves() > 0 || onAll() && moved(now, true)) {
            return all;
        }
        if (moved(now, false)) {
            return counts.written();
        }
        return moved(now, true) ? counts.targetedSegments() : 0;
    }

    /** Matrices in 16 bits of which most was moved are kept in 32 from then on. */
    private long crowded(PlannedPhase now) {
        if (model.weights().halves() == 0) {
            return 0;
        }
        long byCalibration = onAll() ? 2 * model.weights().halves() : counts.crowded(counts.candidates());
        return Math.max(moved(now, true) ? byCalibration : 0, moved(now, false) ? counts.crowdedByTraining() : 0);
    }

    private boolean movesCandidates() {
        boolean probes = Salience.of(recipe.methodName())
                .filter(salience -> salience.further() == Salience.Further.HESSIAN_GRADIENT)
                .isPresent();
        return probes
                || recipe.methodName().has(Trait.TRAINS_ON_TRIAL)
                        && recipe.calibration().epochs() > 0;
    }

    /** Rows of tables are widened as they are looked up, the words' table whole where tokens are predicted by it. */
    private long widened(PlannedPhase now, PassFloats largest) {
        if (model.weights().halves() == 0) {
            return 0;
        }
        long linear = backend.rounds(recipe.precision()) ? 0 : counts.widest();
        long words = (long) model.config().vocabulary() * model.config().hidden();
        long rows = largest.tokens() * model.config().hidden();
        long most = Math.max(Math.max(linear, rows), logits(now) > 0 ? words : 0);
        return (long) passed(now) * Float.BYTES * most;
    }

    private void trained(PlannedPhase phase, Map<MemoryUse, Long> bytes) {
        long head = head();
        switch (phase) {
            case TEACH, SCORE -> {}
            case AVOID -> search(counts.searched(), 0, scoring(recipe.avoid() == Avoidance.FISHER), bytes);
            case SEARCH -> search(bytes);
            case TRANSFORM -> {
                TrainedBytes free = counts.searched();
                search(free, head, 2L * Float.BYTES * free.count(), bytes);
                optimizer(free.count() + head, bytes);
            }
            case CONSOLIDATE -> {
                TrainedBytes own = counts.own(backend);
                search(own, head, (2L * Float.BYTES + 2L * Double.BYTES + Float.BYTES) * own.count(), bytes);
                optimizer(own.count() + head, bytes);
            }
            case TRAIN -> train(bytes);
            case REFRESH -> refresh(bytes);
            case KEEP -> {
                train(bytes);
                closed(bytes);
                bytes.merge(MemoryUse.SEARCH, counts.adapter(), Long::sum);
            }
        }
    }

    /** Gradients are freed once a phase is over; its values stay until the next is. */
    private static void closed(Map<MemoryUse, Long> bytes) {
        List.of(MemoryUse.GRADIENTS, MemoryUse.PRODUCT, MemoryUse.OWNED).forEach(bytes::remove);
    }

    /** Scores are found beside the values that were trained so far. */
    private void refresh(Map<MemoryUse, Long> bytes) {
        train(bytes);
        long values = bytes.get(MemoryUse.VALUES);
        long left = 2L * Float.BYTES * counts.own(backend).count();
        search(counts.searched(), 0, scoring(false) + left, bytes);
        bytes.merge(MemoryUse.VALUES, values, Long::sum);
    }

    private void train(Map<MemoryUse, Long> bytes) {
        TrainedBytes own = counts.own(backend);
        search(own, head(), recipe.elasticity() > 0 ? 2L * Float.BYTES * own.count() : 0, bytes);
        optimizer(own.count() + head(), bytes);
        long best = recipe.stop().share() > 0 ? 2 : 0;
        bytes.merge(MemoryUse.VALUES, best * Float.BYTES * (own.count() + head()), Long::sum);
    }

    private void search(TrainedBytes trained, long head, long more, Map<MemoryUse, Long> bytes) {
        bytes.put(MemoryUse.GRADIENTS, trained.gradients());
        bytes.put(MemoryUse.PRODUCT, trained.product());
        bytes.put(MemoryUse.OWNED, trained.owned());
        bytes.put(MemoryUse.VALUES, trained.values(head));
        bytes.put(MemoryUse.SEARCH, more);
    }

    /** A trial trains the candidates and keeps what they were; scores are sums over examples. */
    private void search(Map<MemoryUse, Long> bytes) {
        TrainedBytes all = counts.searched();
        if (!recipe.methodName().has(Trait.TRAINS_ON_TRIAL)) {
            search(all, 0, scoring(false), bytes);
            if (Salience.of(recipe.methodName())
                    .filter(salience -> !salience.looksAtData())
                    .isPresent()) {
                closed(bytes);
            }
            return;
        }
        boolean trial = recipe.calibration().epochs() > 0;
        boolean whole = trial && onAll();
        TrainedBytes moved = whole ? TrainedBytes.all(model.layout()) : all;
        long kept = whole ? Float.BYTES * moved.count() + Integer.BYTES * (all.count() + model.owned()) : 0;
        search(moved, head(), trial ? 2L * Float.BYTES * all.count() + kept : 0, bytes);
        if (trial) {
            optimizer(recipe.calibration().optimizer(), moved.count() + head(), bytes);
        }
    }

    private boolean onAll() {
        return recipe.calibration().scope() == CalibrationScope.ALL;
    }

    /** Sums in double precision, and what becomes of them. */
    private long scoring(boolean perTask) {
        return ((perTask ? 2L : 1L) * Double.BYTES + 2L * Float.BYTES) * counts.candidates();
    }

    private void optimizer(long values, Map<MemoryUse, Long> bytes) {
        optimizer(recipe.optimizer(), values, bytes);
    }

    private static void optimizer(OptimizerKind rule, long values, Map<MemoryUse, Long> bytes) {
        bytes.put(MemoryUse.OPTIMIZER, (long) Float.BYTES * rule.slots() * values);
    }

    private long head() {
        return (long) model.outputs() * (recipe.features().width(model.config().hidden()) + 1);
    }

    private long logits(PlannedPhase phase) {
        boolean texts = phase != PlannedPhase.TEACH
                && (lengths.text() || lengths.earlier().stream().anyMatch(RunLengths.Remembered::text));
        return texts ? Float.BYTES * LanguageModel.logitFloats(model.config()) : 0;
    }

    /** Each owned weight's index, value, and what it replaced; and what is asked about examples. */
    private long earlier() {
        long weights = (Integer.BYTES + 2L * Float.BYTES) * model.owned();
        return weights + (occurs(PlannedPhase.TEACH) ? new EarlierAnswers(recipe, lengths).bytes() : 0);
    }
}
