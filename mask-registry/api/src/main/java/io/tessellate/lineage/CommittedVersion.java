package io.tessellate.lineage;

import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.LostTask;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.lineage.log.TensorSpectrum;
import java.time.Instant;
import java.util.List;

/**
 * A version: its parent with one adapter on top.
 *
 * @param number from 1
 * @param task task the adapter belongs to
 * @param run run that trained it
 * @param token token it was committed under
 * @param adapter the adapter file
 * @param method method used
 * @param owned weights the task owns
 * @param overlap weights it shares with earlier owners; 0 under exclusive ownership
 * @param recipe the recipe with every default filled in, as canonical JSON
 * @param datasetDigest content digest of the dataset trained on
 * @param certificate one entry for every task of the version; empty under shared ownership
 * @param spectra what an expander mask is worth, one entry per tensor shape; empty for other masks
 * @param leftOut earlier tasks that its run could not look back at
 * @param at when it was committed
 */
public record CommittedVersion(
        int number,
        TaskId task,
        RunId run,
        long token,
        StoredFile adapter,
        String method,
        long owned,
        long overlap,
        String recipe,
        Sha256 datasetDigest,
        List<CertifiedTask> certificate,
        List<TensorSpectrum> spectra,
        List<LostTask> leftOut,
        Instant at) {
    public CommittedVersion {
        certificate = List.copyOf(certificate);
        spectra = List.copyOf(spectra);
        leftOut = List.copyOf(leftOut);
    }
}
