package io.tessellate.pipeline.reproduce;

import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.pipeline.check.History;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.worker.Reproduction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Trains what a version is made of again and compares. What a run was trained on is composed from the stored files, whether or not those
 * were trained again: where each run comes to its stored file again, so does the version from its base.
 */
public final class Reproducer {
    private final History history;
    private final ModelLine line;
    private final BlobStore blobs;
    private final Reproduction reproduction;
    private final Reproduction.Steps steps;

    /**
     * One for a model.
     *
     * @param history what the topics held when they were read
     * @param line the model
     * @param steps hears how far each training is
     */
    public Reproducer(
            History history, ModelLine line, BlobStore blobs, Reproduction reproduction, Reproduction.Steps steps) {
        this.history = history;
        this.line = line;
        this.blobs = blobs;
        this.reproduction = reproduction;
        this.steps = steps;
    }

    /**
     * Trains again.
     *
     * @param fromBase every run that the version rests on, else only the one that made it
     * @param done hears of each run when it is done
     * @throws TessellateException UNKNOWN_VERSION for a version that no run made, unless from the base
     */
    public List<ReproducedRun> reproduce(int version, boolean fromBase, Consumer<ReproducedRun> done) {
        List<ReproducedRun> runs = new ArrayList<>();
        for (RecordedRun run : fromBase ? fromBase(version) : List.of(RecordedRun.of(history, line.commit(version)))) {
            ReproducedRun reproduced = again(run);
            done.accept(reproduced);
            runs.add(reproduced);
        }
        return runs;
    }

    /** The runs whose adapters a version holds, and those that they were trained on or with, oldest first. */
    private List<RecordedRun> fromBase(int version) {
        Map<Integer, RecordedRun> needed = new TreeMap<>();
        Deque<CommittedVersion> open = new ArrayDeque<>(line.holding(version).commits());
        while (!open.isEmpty()) {
            CommittedVersion commit = open.remove();
            if (!needed.containsKey(commit.number())) {
                RecordedRun run = RecordedRun.of(history, commit);
                needed.put(commit.number(), run);
                open.addAll(line.taskView(commit).commits());
                open.addAll(line.holding(run.granted().parentVersion()).commits());
            }
        }
        return List.copyOf(needed.values());
    }

    private ReproducedRun again(RecordedRun run) {
        List<MachineFact> machine = MachineFact.differences(run.machine(), reproduction.machine(run.commit()));
        List<String> missing = missing(run);
        if (!missing.isEmpty()) {
            return notTrained(run, machine, missing);
        }
        try {
            Path file = reproduction.train(line, run.commit(), run.granted(), steps, new Cancellation());
            return compared(run, file, machine);
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            return notTrained(run, machine, List.of("%s: %s".formatted(e.code(), e.getMessage())));
        }
    }

    private static ReproducedRun notTrained(RecordedRun run, List<MachineFact> machine, List<String> why) {
        return new ReproducedRun(
                run.commit(), Reproducibility.NOT_TRAINED, Optional.empty(), Optional.empty(), machine, why);
    }

    /** The stored files that the run began with and that are not there any more, or not as they were. */
    private List<String> missing(RecordedRun run) {
        Map<Sha256, String> needed = new LinkedHashMap<>();
        line.files().forEach(file -> needed.put(file.sha256(), "the base's " + file.name()));
        for (CommittedVersion held : line.holding(run.granted().parentVersion()).commits()) {
            for (CommittedVersion under : line.taskView(held).commits()) {
                needed.put(
                        under.adapter().sha256(),
                        "the adapter of %s, version %d".formatted(under.task(), under.number()));
            }
        }
        List<String> missing = new ArrayList<>();
        needed.forEach((digest, what) -> fault(digest).ifPresent(why -> missing.add("%s: %s".formatted(what, why))));
        return missing;
    }

    private Optional<String> fault(Sha256 digest) {
        try {
            blobs.fetch(digest);
            return Optional.empty();
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            return Optional.of("%s: %s".formatted(e.code(), e.getMessage()));
        }
    }

    private ReproducedRun compared(RecordedRun run, Path file, List<MachineFact> machine) {
        CommittedVersion commit = run.commit();
        Sha256 now = digest(file);
        Adapter trained = AdapterFile.open(file);
        List<String> said = new ArrayList<>();
        Optional<WeightDifference> difference = Optional.empty();
        boolean same = now.equals(commit.adapter().sha256());
        Optional<String> fault = fault(commit.adapter().sha256());
        fault.ifPresent(why -> said.add("its stored file cannot be compared, only its digest: " + why));
        if (!same && fault.isEmpty()) {
            Adapter stored = AdapterFile.open(blobs.fetch(commit.adapter().sha256()));
            difference = WeightDifference.between(stored, trained);
            same = difference.isEmpty();
            if (same) {
                said.add("every weight is the same; the files differ in what they say of themselves");
            }
        }
        if (run.machine().isEmpty()) {
            said.add("on what machine it was trained is in no topic any more");
        }
        List<MachineFact> changed = new ArrayList<>(machine);
        String recipe = trained.metadata().recipe();
        if (!recipe.equals(commit.recipe())) {
            // What a recipe leaves to the machine: in how many parts a batch goes through, by the memory there is.
            changed.add(new MachineFact("recipe as trained", commit.recipe(), recipe));
        }
        return new ReproducedRun(commit, came(same, changed), Optional.of(now), difference, changed, said);
    }

    private static Sha256 digest(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw StorageFailure.of("cannot read " + file, e);
        }
    }

    private static Reproducibility came(boolean same, List<MachineFact> machine) {
        if (same) {
            return Reproducibility.SAME;
        }
        return machine.isEmpty() ? Reproducibility.DIFFERENT : Reproducibility.OTHER_MACHINE;
    }
}
