package io.tessellate.pipeline.push;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.Outcome;
import io.tessellate.event.TaskExample;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Records of a dataset that come under an id of another one, as ingest will find them.
 *
 * @param repeats how many say the same as the other: they count once
 * @param contradictions how many say something else, which is put aside once for each content
 * @param first the id of the first contradiction; empty if there is none
 */
public record RepeatedIds(long repeats, long contradictions, String first) {

    /** The repeated ids of a dataset. */
    public static RepeatedIds of(LocalDataset dataset) {
        var reader = new ExampleReader(ManifestCodec.fromAvro(dataset.manifest()));
        var digests = new ExampleDigest();
        Map<String, Set<String>> contents = new HashMap<>();
        long repeats = 0;
        long contradictions = 0;
        String first = "";
        for (TaskExample record : dataset.records()) {
            Optional<Example> example = identified(reader.read(record));
            if (example.isEmpty()) {
                continue;
            }
            String id = example.get().split() + " " + example.get().id();
            Set<String> known = contents.computeIfAbsent(id, any -> new LinkedHashSet<>());
            boolean isFirst = known.isEmpty();
            boolean isNew = known.add(HexFormat.of().formatHex(digests.of(example.get())));
            if (!isNew) {
                repeats++;
            } else if (!isFirst) {
                first = contradictions == 0 ? String.valueOf(example.get().id()) : first;
                contradictions++;
            }
        }
        return new RepeatedIds(repeats, contradictions, first);
    }

    private static Optional<Example> identified(Outcome outcome) {
        return outcome instanceof Outcome.Accepted accepted
                        && accepted.example().id() != null
                ? Optional.of(accepted.example())
                : Optional.empty();
    }

    /** One line for people; empty if no id is repeated. */
    public Optional<String> words(int records) {
        if (repeats + contradictions == 0) {
            return Optional.empty();
        }
        String same = repeats == 0 ? "" : "%d of %d records repeat others and count once".formatted(repeats, records);
        String other = contradictions == 0
                ? ""
                : "%d of %d records have an id of another one and other content, and will be put aside (DUPLICATE_ID);"
                                .formatted(contradictions, records)
                        + " the first: id '%s'".formatted(first);
        return Optional.of(same.isEmpty() || other.isEmpty() ? same + other : same + "; " + other);
    }
}
