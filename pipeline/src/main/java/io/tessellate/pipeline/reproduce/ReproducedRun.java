package io.tessellate.pipeline.reproduce;

import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import java.util.List;
import java.util.Optional;

/**
 * A committed run, trained again.
 *
 * @param commit the version that it made
 * @param came what came of it
 * @param now digest of the adapter file that it came to; nothing where it was not trained
 * @param difference between the stored adapter and that one, where both can be read and anything differs
 * @param machine what is not as it was then
 * @param said why it was not trained, or what else is to be known
 */
public record ReproducedRun(
        CommittedVersion commit,
        Reproducibility came,
        Optional<Sha256> now,
        Optional<WeightDifference> difference,
        List<MachineFact> machine,
        List<String> said) {
    public ReproducedRun {
        machine = List.copyOf(machine);
        said = List.copyOf(said);
    }
}
