package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.LostTask;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.recipe.RaceResult;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reports that an adapter lies in the blob store, and asks for it to be committed. */
record CommitAdapter(
        TaskName task,
        RunId run,
        long token,
        int parentVersion,
        Sha256 baseDigest,
        StoredFile file,
        String method,
        long owned,
        String recipe,
        Sha256 datasetDigest,
        List<LostTask> leftOut,
        Optional<RaceResult> race)
        implements RegistryCommand {
    CommitAdapter {
        leftOut = List.copyOf(leftOut);
    }

    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        if (state.line().isEmpty()) {
            return Decision.rejected(
                    ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()), task, run);
        }
        ModelLine line = state.line().get();
        if (line.versionOf(run).isPresent() || line.rejection(run, token).isPresent()) {
            return Decision.nothing();
        }
        if (line.cancelled(run).isPresent()) {
            return refused(
                    ErrorCode.CANCELLED,
                    "run %s was cancelled %s"
                            .formatted(run, line.cancelled(run).get().by()));
        }
        Optional<Reservation> held = line.reservation(task)
                .filter(newest -> newest.token() == token && newest.run().equals(run));
        if (held.isEmpty()) {
            return refused(new Refusal(ErrorCode.FENCED, fenced(line)));
        }
        ledger.requireSound(line);
        Adapter adapter = ledger.candidate(file);
        return decide(new ProposedCommit(line, held.get(), adapter, adapter.mask(line.space()), ledger));
    }

    private Decision decide(ProposedCommit proposed) {
        for (Requirement requirement : requirements(proposed.line())) {
            Optional<Refusal> refusal = requirement.check(proposed);
            if (refusal.isPresent()) {
                return refused(refusal.get());
            }
        }
        if (proposed.line().ownership() == Ownership.SHARED) {
            return committed(proposed, proposed.mask().intersectionSize(proposed.owned()), List.of());
        }
        List<CertifiedTask> certificate = proposed.certificate();
        return new Requirement.BytesUnchanged(certificate)
                .check(proposed)
                .map(this::refused)
                .orElseGet(() -> committed(proposed, 0, certificate));
    }

    private List<Requirement> requirements(ModelLine line) {
        List<Requirement> all = new ArrayList<>(List.of(
                new Requirement.SameOrigin(new TaskId(line.name(), task), run, method),
                new Requirement.BaseEqual(baseDigest),
                new Requirement.ParentKnown(parentVersion),
                new Requirement.ParentHeld(parentVersion),
                new Requirement.WithinBudget(owned),
                new Requirement.ReservedClass()));
        switch (line.ownership()) {
            case EXCLUSIVE -> {
                all.add(new Requirement.OnlyEligible());
                all.add(new Requirement.Disjoint());
            }
            case SHARED -> all.add(new Requirement.ParentCurrent(parentVersion));
        }
        return all;
    }

    private Decision committed(ProposedCommit proposed, long overlap, List<CertifiedTask> certificate) {
        return Decision.of(new RegistryEvent.AdapterCommitted(
                task,
                run,
                token,
                proposed.line().currentVersion() + 1,
                file,
                method,
                proposed.mask().cardinality(),
                overlap,
                recipe,
                datasetDigest,
                certificate,
                SpectralSurvey.of(proposed),
                leftOut,
                race,
                holds(proposed.line())));
    }

    /** What the version holds, itself last. */
    private static List<Integer> holds(ModelLine line) {
        List<Integer> holds = new ArrayList<>(line.holding().numbers());
        holds.add(line.currentVersion() + 1);
        return holds;
    }

    private Decision refused(Refusal refusal) {
        return refused(refusal.code(), refusal.message());
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.of(new RegistryEvent.AdapterRejected(task, run, token, code, message));
    }

    /** What is refused anyway is not kept waiting. */
    @Override
    public boolean awaitsVerdict(RegistryState state) {
        return state.awaitsVerdict()
                && state.line()
                        .flatMap(line -> line.reservation(task))
                        .filter(newest ->
                                newest.token() == token && newest.run().equals(run))
                        .isPresent();
    }

    @Override
    public WhileParked whileParked() {
        return WhileParked.KEPT;
    }

    private String fenced(ModelLine line) {
        return line.reservation(task)
                .map(newest -> "token %d of run %s is not the newest of task %s: that is %d of run %s"
                        .formatted(token, run, task, newest.token(), newest.run()))
                .orElseGet(() -> "token %d of run %s: task %s has no open reservation".formatted(token, run, task));
    }
}
