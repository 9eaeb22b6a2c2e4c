package io.tessellate.engine.plan;

import io.tessellate.engine.backend.Backend;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets what computes in one process begin only if its memory is there: what never fits is refused, what does not fit beside
 * others waits. Where the recipe leaves it open, a run that fits in parts only gets the largest micro batch that fits into all the
 * memory there is, whatever is free, so that the same machine always takes the same. May be asked by several threads.
 *
 * <p>Who waits asks again, and keeps its place in the {@link MemoryQueue} meanwhile. What lies in memory only because it may be
 * needed again is let go as soon as somebody waits: whoever keeps such things says so by {@link #lendsTo}.
 */
public final class MemoryBudget {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);
    private static final String REMEDY =
            "take a smaller batchSize, microBatch or maxLength, recompute, a lower density, or a worker with more memory";

    private final long most;
    private final MemoryQueue queue;
    private final List<Admission> admitted = new ArrayList<>();
    private final List<Runnable> keepers = new CopyOnWriteArrayList<>();

    /**
     * A budget.
     *
     * @param most bytes that a person allows; {@link Long#MAX_VALUE}: all that there is
     */
    public MemoryBudget(long most) {
        this(most, Clock.systemUTC());
    }

    /** A budget whose queue goes by another clock. */
    public MemoryBudget(long most, Clock clock) {
        this.most = most;
        this.queue = new MemoryQueue(clock);
    }

    /** All the memory that there is. */
    public static MemoryBudget ofMachine() {
        return new MemoryBudget(Long.MAX_VALUE);
    }

    /** How long something takes its memory. */
    public enum Stay {
        /** Until it is trained. */
        LONG,
        /** Some passes, as scoring does; it is over before anybody would miss the memory. */
        BRIEF
    }

    /** Something that may take its memory, until it is closed. */
    public final class Admission implements AutoCloseable {
        private final String name;
        private final Stay stay;
        private final MemoryPlan plan;
        private final Backend backend;
        private final long before;

        private Admission(String name, Stay stay, MemoryPlan plan, Backend backend, long already) {
            this.name = name;
            this.stay = stay;
            this.plan = plan;
            this.backend = backend;
            this.before = backend.memory().allocatedBytes() - already;
        }

        /** Its plan, which says how many examples go through the model at once. */
        public MemoryPlan plan() {
            return plan;
        }

        private long taken() {
            return Math.max(0, Math.min(needed(plan), backend.memory().allocatedBytes() - before));
        }

        /** What it has not taken yet. */
        private long outstanding() {
            return needed(plan) - taken();
        }

        @Override
        public void close() {
            synchronized (admitted) {
                admitted.remove(this);
            }
        }
    }

    private static long needed(MemoryPlan plan) {
        PhaseMemory peak = plan.peak(true);
        return peak.all() - peak.in(MemoryUse.Place.PROCESS);
    }

    /**
     * Has something let go whenever somebody waits for memory.
     *
     * @param release closes what is kept and not in use at the moment; called by any thread, must wait for no other, and is no
     *     failure if nothing is kept
     */
    public void lendsTo(Runnable release) {
        keepers.add(release);
    }

    /** Forgets one who had something let go. */
    public void lendsNoMore(Runnable release) {
        keepers.remove(release);
    }

    /** What plans on a backend are held against. */
    public MemoryLimits limits(Backend backend) {
        return MemoryLimits.of(backend, most);
    }

    /**
     * Lets a run begin.
     *
     * @param run what it is called
     * @param plans its plan for each micro batch; 0: all of a step at once
     * @param batch examples of a step
     * @param microBatch what the recipe says; 0: left open
     * @param already bytes of the plan that are taken already
     * @throws TessellateException NOT_ENOUGH_MEMORY if it never fits; retriable MEMORY_IN_USE if it has to wait for others
     */
    public Admission admit(
            String run, Backend backend, IntFunction<MemoryPlan> plans, int batch, int microBatch, long already) {
        MemoryLimits limits = MemoryLimits.of(backend, most);
        MemoryPlan plan = fitting(run, limits, plans, batch, microBatch);
        return admit(run, Stay.LONG, limits, plan, backend, already);
    }

    /**
     * Lets something begin that is soon over, such as scoring or a prediction.
     *
     * @param name what it is called, the same whenever it asks again
     * @param plan what it takes
     * @param already bytes of the plan that are taken already
     * @throws TessellateException NOT_ENOUGH_MEMORY if it never fits; retriable MEMORY_IN_USE if it has to wait for others
     */
    public Admission admitBrief(String name, Backend backend, MemoryPlan plan, long already) {
        MemoryLimits limits = MemoryLimits.of(backend, most);
        requireRoom(name, limits, plan);
        return admit(name, Stay.BRIEF, limits, plan, backend, already);
    }

    /**
     * Refuses what never fits, whatever else there is.
     *
     * @param name what it is called
     * @throws TessellateException NOT_ENOUGH_MEMORY
     */
    public void requireRoom(String name, Backend backend, MemoryPlan plan) {
        requireRoom(name, MemoryLimits.of(backend, most), plan);
    }

    private static void requireRoom(String name, MemoryLimits limits, MemoryPlan plan) {
        limits.lack(plan).ifPresent(lack -> {
            throw new TessellateException(
                    ErrorCode.NOT_ENOUGH_MEMORY,
                    "%s needs %s: %s. Take a shorter maxLength, or a process with more memory"
                            .formatted(
                                    name, lack, table(plan.peak(limits.device().shared()))));
        });
    }

    private Admission admit(
            String name, Stay stay, MemoryLimits limits, MemoryPlan plan, Backend backend, long already) {
        synchronized (admitted) {
            Optional<String> lack = lackNow(name, stay, limits, plan, already);
            if (lack.isPresent() && !keepers.isEmpty()) {
                keepers.forEach(Runnable::run);
                MemoryLimits anew = MemoryLimits.of(backend, most);
                lack = lackNow(name, stay, anew, plan, already);
            }
            lack.ifPresent(text -> {
                queue.waits(name, needed(plan) - already);
                throw new RetriableException(
                        ErrorCode.MEMORY_IN_USE,
                        "%s needs %s; it waits until others have ended%s".formatted(name, text, others()));
            });
            queue.leaves(name);
            Admission admission = new Admission(name, stay, plan, backend, already);
            admitted.add(admission);
            return admission;
        }
    }

    private Optional<String> lackNow(String name, Stay stay, MemoryLimits limits, MemoryPlan plan, long already) {
        long promised = admitted.stream().mapToLong(Admission::outstanding).sum();
        long brief = admitted.stream()
                .filter(one -> one.stay == Stay.BRIEF)
                .mapToLong(Admission::taken)
                .sum();
        long free = limits.device().known() ? limits.device().free() - promised : Long.MAX_VALUE;
        long claimed = queue.claimedBefore(name, stay == Stay.BRIEF, free, brief);
        return limits.lackNow(plan, already, promised + claimed);
    }

    private String others() {
        return admitted.isEmpty()
                ? ""
                : admitted.stream().map(one -> one.name).collect(Collectors.joining(", ", ": ", ""));
    }

    private static MemoryPlan fitting(
            String run, MemoryLimits limits, IntFunction<MemoryPlan> plans, int batch, int microBatch) {
        MemoryPlan wanted = plans.apply(microBatch);
        Optional<String> lack = limits.lack(wanted);
        if (lack.isEmpty()) {
            return wanted;
        }
        int most = microBatch == 0 ? limits.most(batch - 1, plans) : 0;
        if (most == 0) {
            MemoryPlan least = microBatch == 0 ? plans.apply(1) : wanted;
            throw new TessellateException(
                    ErrorCode.NOT_ENOUGH_MEMORY,
                    "%s needs %s%s: %s. %s"
                            .formatted(
                                    run,
                                    limits.lack(least).orElseThrow(),
                                    microBatch == 0 ? ", though its examples go through the model one by one" : "",
                                    table(least.peak(limits.device().shared())),
                                    REMEDY));
        }
        LOG.info(
                "{} needs {}: its steps of {} examples go through the model {} at a time, as the largest micro batch that fits",
                run,
                lack.get(),
                batch,
                most);
        return plans.apply(most);
    }

    /** What a part of a run takes, the most first. */
    static String table(PhaseMemory phase) {
        return phase.bytes().entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
                .map(entry -> "%s %s".formatted(entry.getKey().label(), new Bytes(entry.getValue())))
                .collect(Collectors.joining(", "));
    }
}
