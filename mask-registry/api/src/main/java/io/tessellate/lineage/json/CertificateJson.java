package io.tessellate.lineage.json;

import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.CertifiedTask;
import java.util.List;

/** What a version vouches for, in JSON. */
public record CertificateJson(String model, int version, String digest, String baseDigest, List<Entry> tasks) {
    /** Of a version; 0, the base, vouches for no task. */
    public static CertificateJson of(ModelLine line, int version) {
        return new CertificateJson(
                line.name().value(),
                version,
                line.versionDigest(version).value().hex(),
                line.baseDigest().hex(),
                version == 0
                        ? List.of()
                        : line.version(version).certificate().stream()
                                .map(Entry::of)
                                .toList());
    }

    /** One task's weights. */
    record Entry(String task, long owned, String sha256) {
        static Entry of(CertifiedTask entry) {
            return new Entry(entry.task().value(), entry.owned(), entry.sha256().hex());
        }
    }
}
