package io.tessellate.evaluator.dashboard;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.ModelVersion;
import io.tessellate.lineage.json.ParkedJson;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.VerdictRules;
import io.tessellate.mask.grant.Ownership;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model as the page reads it. */
record PageModelJson(
        String name,
        String baseDigest,
        Ownership ownership,
        double forgettingBudget,
        VerdictRules rules,
        long eligible,
        long free,
        long overlap,
        @Nullable Integer champion,
        int parent,
        List<VersionJson> versions,
        @Nullable CertificateJson certificate,
        @Nullable ParkedJson parked) {

    /**
     * A version; standing is champion, promoted, passed, quarantined or candidate.
     *
     * @param task task whose training made it; empty of one that was composed
     * @param holds versions whose adapters it holds
     * @param held whether the next version will hold its adapter too
     * @param heldBack tasks of it that a person went back from: it becomes champion only by one
     */
    record VersionJson(
            int number,
            String task,
            String method,
            long owned,
            long overlap,
            String standing,
            String at,
            List<Integer> holds,
            boolean held,
            List<String> heldBack) {}

    /** The newest version's certificate held against what each task's own version certified. */
    record CertificateJson(int version, boolean ok, List<CertifiedJson> tasks) {}

    /** One task's line of the certificate. */
    record CertifiedJson(String task, String sha256, boolean ok) {}

    static PageModelJson of(ModelLine model) {
        return new PageModelJson(
                model.name().value(),
                model.baseDigest().hex(),
                model.ownership(),
                model.forgettingBudget(),
                model.rules(),
                model.space().size(),
                model.free(),
                model.overlap(),
                model.champion().isPresent() ? model.champion().getAsInt() : null,
                model.parent(),
                model.versions().stream()
                        .map(version -> version(model, version))
                        .toList(),
                certificate(model),
                ParkedJson.of(model));
    }

    private static VersionJson version(ModelLine model, ModelVersion version) {
        CommittedVersion commit = version.trained();
        return new VersionJson(
                version.number(),
                commit == null ? "" : commit.task().task().value(),
                commit == null ? "" : commit.method(),
                commit == null ? 0 : commit.owned(),
                commit == null ? 0 : commit.overlap(),
                model.standing(version.number()).text(),
                version.at().toString(),
                version.holding().numbers(),
                model.holding().numbers().contains(version.number()),
                model.heldBack(version.number()).stream()
                        .map(task -> task.task().value())
                        .toList());
    }

    private static @Nullable CertificateJson certificate(ModelLine model) {
        if (model.ownership() == Ownership.SHARED || model.parent() == 0) {
            return null;
        }
        ModelVersion newest = model.version(model.parent());
        List<CertifiedJson> tasks = newest.certificate().stream()
                .map(entry ->
                        new CertifiedJson(entry.task().value(), entry.sha256().hex(), holds(model, entry)))
                .toList();
        return new CertificateJson(newest.number(), tasks.stream().allMatch(CertifiedJson::ok), tasks);
    }

    private static boolean holds(ModelLine model, CertifiedTask entry) {
        return model.holding()
                .of(entry.task())
                .map(own -> own.certified(entry.task()).filter(entry::equals).isPresent())
                .orElse(false);
    }
}
