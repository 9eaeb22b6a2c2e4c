package io.tessellate.lineage;

import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.RegistryEvent.AdapterCommitted;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.recipe.RaceResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A version that a training made: its parent with one adapter on top.
 *
 * @param task task the adapter belongs to
 * @param commit the event that made it
 * @param at when that was decided
 */
public record CommittedVersion(TaskId task, AdapterCommitted commit, Instant at) {
    /** Its number, from 1. */
    public int number() {
        return commit.version();
    }

    /** The run that trained it. */
    public RunId run() {
        return commit.run();
    }

    /** The adapter file. */
    public StoredFile adapter() {
        return commit.adapter();
    }

    /** The method used. */
    public String method() {
        return commit.method();
    }

    /** Weights the task owns. */
    public long owned() {
        return commit.owned();
    }

    /** Weights it shares with earlier owners; 0 under exclusive ownership. */
    public long overlap() {
        return commit.overlap();
    }

    /** The recipe with every default filled in, as canonical JSON. */
    public String recipe() {
        return commit.recipe();
    }

    /** What the race for the recipe's fields came to, if any were left to one. */
    public Optional<RaceResult> race() {
        return commit.race();
    }

    /** Content digest of the dataset trained on. */
    public Sha256 datasetDigest() {
        return commit.datasetDigest();
    }

    /** One entry for every task of the version; empty under shared ownership. */
    public List<CertifiedTask> certificate() {
        return commit.certificate();
    }

    /** What the version vouches for of one task, if it holds it and anything is certified. */
    public Optional<CertifiedTask> certified(TaskName ofTask) {
        return commit.certificate().stream()
                .filter(entry -> entry.task().equals(ofTask))
                .findFirst();
    }

    /** What an expander mask is worth, one entry per tensor shape; empty for other masks. */
    public List<TensorSpectrum> spectra() {
        return commit.spectra();
    }
}
