package io.tessellate.engine.plan;

import io.tessellate.engine.backend.Backend;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets runs of one process begin only if their memory is there: what never fits is refused, what does not fit beside others
 * waits. Where the recipe leaves it open, a run that fits in parts only gets the largest micro batch that fits into all the
 * memory there is, whatever is free, so that the same machine always takes the same. May be asked by several threads.
 */
public final class MemoryBudget {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);
    private static final String REMEDY =
            "take a smaller batchSize, microBatch or maxLength, recompute, a lower density, or a worker with more memory";

    private final long most;
    private final List<Admission> admitted = new ArrayList<>();

    /**
     * A budget.
     *
     * @param most bytes that a person allows; {@link Long#MAX_VALUE}: all that there is
     */
    public MemoryBudget(long most) {
        this.most = most;
    }

    /** All the memory that there is. */
    public static MemoryBudget ofMachine() {
        return new MemoryBudget(Long.MAX_VALUE);
    }

    /** A run that may take its memory, until it is closed. */
    public final class Admission implements AutoCloseable {
        private final MemoryPlan plan;
        private final Backend backend;
        private final long before;

        private Admission(MemoryPlan plan, Backend backend, long already) {
            this.plan = plan;
            this.backend = backend;
            this.before = backend.memory().allocatedBytes() - already;
        }

        /** Its plan, which says how many examples go through the model at once. */
        public MemoryPlan plan() {
            return plan;
        }

        /** What it has not taken yet. */
        private long outstanding() {
            PhaseMemory peak = plan.peak(true);
            long needed = peak.all() - peak.in(MemoryUse.Place.PROCESS);
            return Math.max(0, needed - (backend.memory().allocatedBytes() - before));
        }

        @Override
        public void close() {
            synchronized (admitted) {
                admitted.remove(this);
            }
        }
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
        synchronized (admitted) {
            long promised = admitted.stream().mapToLong(Admission::outstanding).sum();
            limits.lackNow(plan, already, promised).ifPresent(lack -> {
                throw new RetriableException(
                        ErrorCode.MEMORY_IN_USE, "%s needs %s; it waits until others have ended".formatted(run, lack));
            });
            Admission admission = new Admission(plan, backend, already);
            admitted.add(admission);
            return admission;
        }
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
