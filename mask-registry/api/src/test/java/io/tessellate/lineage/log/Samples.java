package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.mask.spectrum.SpectralCertificate;
import io.tessellate.recipe.RaceCandidate;
import io.tessellate.recipe.RaceCandidate.Outcome;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RaceTrial;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small model's log. */
public final class Samples {
    public static final ModelName MODEL = new ModelName("glue");
    public static final TaskName SST2 = new TaskName("sst2");
    public static final TaskName MRPC = new TaskName("mrpc");
    public static final RunId RUN = new RunId("run-1");
    public static final RunId OTHER_RUN = new RunId("run-2");
    public static final Instant AT = Instant.parse("2026-11-20T12:00:00Z");
    public static final Sha256 BASE = digest("base");

    private Samples() {}

    public static Sha256 digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static StoredFile file(String name) {
        return new StoredFile(name, digest(name), name.length());
    }

    public static RegistryEvent.ModelRegistered registered() {
        return new RegistryEvent.ModelRegistered(
                BASE,
                List.of(file("config.json"), new StoredFile("model.safetensors", BASE, 4096)),
                new ParameterSpace(List.of(new EligibleTensor("query", 8, 8), new EligibleTensor("value", 8, 4))),
                Ownership.EXCLUSIVE,
                0.05);
    }

    public static RegistryEvent.MaskReserved reserved(TaskName task, RunId run, long token, int parent) {
        return new RegistryEvent.MaskReserved(task, run, token, parent, 9, "lotto", null);
    }

    public static RegistryEvent.AdapterCommitted committed(TaskName task, RunId run, long token, int version) {
        return new RegistryEvent.AdapterCommitted(
                task,
                run,
                token,
                version,
                file("adapter-" + version),
                "lotto",
                9,
                0,
                "{}",
                digest("data"),
                List.of(new CertifiedTask(task, 9, digest("certificate"))));
    }

    /** A version that was composed of the adapters of others, without that of a task. */
    public static Intervention.VersionComposed composed(int version, TaskName without, Integer... holds) {
        return new Intervention.VersionComposed(
                version,
                List.of(holds),
                without,
                List.of(new CertifiedTask(MRPC, 9, digest("certificate"))),
                "ada",
                "it is outdated");
    }

    /** The line goes on from a version. */
    public static Intervention.ParentChanged parent(int version) {
        return new Intervention.ParentChanged(
                version, Intervention.ParentChanged.Cause.QUARANTINE, "policy", "it forgot");
    }

    static RegistryEvent.AdapterCommitted expander(TaskName task, RunId run, long token, int version) {
        return new RegistryEvent.AdapterCommitted(
                task,
                run,
                token,
                version,
                file("adapter-" + version),
                "expander",
                9,
                0,
                "{}",
                digest("data"),
                List.of(),
                List.of(new TensorSpectrum(12, 16, 3, new SpectralCertificate(4, 2.5, 3.5, 3, 4, 5, 6, 7, 8))),
                List.of(new LostTask(MRPC, ErrorCode.RECORDS_GONE, "the topic was deleted")),
                Optional.of(race()),
                List.of(1));
    }

    /** A race of two rounds in which one of three candidates diverged. */
    public static RaceResult race() {
        return new RaceResult(
                List.of(
                        candidate(0.004, Outcome.LOST, new RaceTrial(8, 0.75, 0.125), new RaceTrial(16, 0.5, 0.25)),
                        candidate(0.0016, Outcome.WON, new RaceTrial(8, 0.75, 0), new RaceTrial(16, 0.5, 0.0625)),
                        candidate(0.01, Outcome.DIVERGED)),
                1,
                60.5,
                75,
                64,
                32,
                "the best");
    }

    private static RaceCandidate candidate(double rate, Outcome outcome, RaceTrial... trials) {
        return RaceCandidate.of(Map.of("learningRate", rate), List.of(trials), outcome);
    }

    public static LoggedEvent logged(long sequence, RegistryEvent event) {
        return new LoggedEvent(MODEL, sequence, "command-" + sequence, AT, event);
    }

    /** A lineage with these events applied, numbered from 1. */
    public static Lineage lineage(RegistryEvent... events) {
        Lineage lineage = new Lineage();
        for (int i = 0; i < events.length; i++) {
            lineage.apply(logged(i + 1, events[i]));
        }
        return lineage;
    }
}
