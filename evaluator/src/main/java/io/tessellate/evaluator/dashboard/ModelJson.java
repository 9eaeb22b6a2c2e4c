package io.tessellate.evaluator.dashboard;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.mask.grant.Ownership;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model as the page reads it. */
record ModelJson(
        String name,
        String baseDigest,
        Ownership ownership,
        double forgettingBudget,
        long eligible,
        long free,
        long overlap,
        @Nullable Integer champion,
        List<VersionJson> versions,
        @Nullable CertificateJson certificate,
        @Nullable ParkedJson parked) {

    /** Why the model waits for a person. */
    record ParkedJson(
            String code,
            String reason,
            @Nullable String task,
            @Nullable Integer version,
            @Nullable String path,
            String since) {
        static ParkedJson of(Parked parked) {
            TaskName task = parked.task();
            return new ParkedJson(
                    parked.code().name(),
                    parked.reason(),
                    task == null ? null : task.value(),
                    parked.version(),
                    parked.path(),
                    parked.since().toString());
        }
    }

    /** A version; standing is champion, promoted, quarantined or candidate. */
    record VersionJson(int number, String task, String method, long owned, long overlap, String standing, String at) {}

    /** The newest version's certificate held against what each task's own version certified. */
    record CertificateJson(int version, boolean ok, List<CertifiedJson> tasks) {}

    /** One task's line of the certificate. */
    record CertifiedJson(String task, String sha256, boolean ok) {}

    static ModelJson of(ModelLine model) {
        return new ModelJson(
                model.name().value(),
                model.baseDigest().hex(),
                model.ownership(),
                model.forgettingBudget(),
                model.space().size(),
                model.free(),
                model.overlap(),
                model.champion().isPresent() ? model.champion().getAsInt() : null,
                model.versions().stream()
                        .map(version -> version(model, version))
                        .toList(),
                certificate(model),
                model.parked().map(ParkedJson::of).orElse(null));
    }

    private static VersionJson version(ModelLine model, CommittedVersion version) {
        return new VersionJson(
                version.number(),
                version.task().task().value(),
                version.method(),
                version.owned(),
                version.overlap(),
                standing(model, version.number()),
                version.at().toString());
    }

    private static String standing(ModelLine model, int number) {
        if (model.champion().orElse(0) == number) {
            return "champion";
        }
        if (model.quarantined().contains(number)) {
            return "quarantined";
        }
        return model.judged(number) ? "promoted" : "candidate";
    }

    private static @Nullable CertificateJson certificate(ModelLine model) {
        if (model.ownership() == Ownership.SHARED || model.versions().isEmpty()) {
            return null;
        }
        CommittedVersion newest = model.version(model.currentVersion());
        List<CertifiedJson> tasks = newest.certificate().stream()
                .map(entry ->
                        new CertifiedJson(entry.task().value(), entry.sha256().hex(), holds(model, entry)))
                .toList();
        return new CertificateJson(newest.number(), tasks.stream().allMatch(CertifiedJson::ok), tasks);
    }

    private static boolean holds(ModelLine model, CertifiedTask entry) {
        return model.versionOf(entry.task())
                .map(own -> own.certificate().contains(entry))
                .orElse(false);
    }
}
