package io.tessellate.experiment;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.result.MaskOverlap;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.AdapterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The masks of adapters that were kept because their tasks were each learnt alone, held against each other. */
final class KeptMasks {
    private final Path directory;
    private final ParameterSpace eligible;
    private final Map<String, Path> files = new HashMap<>();

    private record Entry(int run, String task, Mask mask) {}

    /** Of adapters in a directory. */
    KeptMasks(Path directory, ParameterSpace eligible) {
        this.directory = directory;
        this.eligible = eligible;
    }

    /** What an arm's masks have in common; empty where its adapters were not kept. */
    Optional<MaskOverlap> of(String arm, List<RunOutcome> outcomes) {
        List<Entry> entries = new ArrayList<>();
        for (int run = 0; run < outcomes.size(); run++) {
            RunOutcome outcome = outcomes.get(run);
            for (int task = 0; task < outcome.adapters().size(); task++) {
                Path file = file(outcome.adapters().get(task));
                if (file == null) {
                    return Optional.empty();
                }
                entries.add(new Entry(
                        run, outcome.tasks().get(task), AdapterFile.read(file).mask(eligible)));
            }
        }
        double density = entries.stream()
                .mapToDouble(entry -> entry.mask.density())
                .average()
                .orElse(0);
        return Optional.of(new MaskOverlap(
                arm,
                density,
                common(entries, (a, b) -> a.run != b.run && a.task.equals(b.task)),
                common(entries, (a, b) -> a.run == b.run && !a.task.equals(b.task))));
    }

    private static double common(List<Entry> entries, BiPredicate<Entry, Entry> pairs) {
        double sum = 0;
        int count = 0;
        for (int a = 0; a < entries.size(); a++) {
            for (int b = a + 1; b < entries.size(); b++) {
                if (pairs.test(entries.get(a), entries.get(b))) {
                    sum += common(entries.get(a).mask, entries.get(b).mask);
                    count++;
                }
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    private static double common(Mask a, Mask b) {
        long smaller = Math.min(a.cardinality(), b.cardinality());
        return smaller == 0 ? 0 : (double) a.intersectionSize(b) / smaller;
    }

    private @Nullable Path file(String digest) {
        if (!files.containsKey(digest) && Files.isDirectory(directory)) {
            index();
        }
        return files.get(digest);
    }

    private void index() {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                if (!files.containsValue(file)) {
                    files.put(Sha256.of(file).hex(), file);
                }
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be read", e);
        }
    }
}
