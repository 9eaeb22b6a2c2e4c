package io.tessellate.engine.race;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.StorageFailure;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trials that are kept in a file, each when it is done, so that a race that was stopped finds them again. Whatever else the file
 * holds, a damaged one or one of another job, is as good as none: the race starts again.
 */
public final class RecordedTrials implements Trials {
    private static final Logger LOG = LoggerFactory.getLogger(RecordedTrials.class);
    private static final ObjectMapper JSON =
            JsonMapper.builder().disable(MapperFeature.AUTO_DETECT_IS_GETTERS).build();

    private final Trials trials;
    private final Path file;
    private final String job;
    private final List<Entry> entries;
    private int next;

    private record Entry(Map<String, Double> values, double share, Measurement measurement) {}

    /**
     * What the file holds.
     *
     * @param check SHA-256 over job and entries
     */
    private record Content(String job, List<Entry> entries, String check) {
        static Content of(String job, List<Entry> entries) throws JsonProcessingException {
            return new Content(job, entries, digest(job, entries));
        }

        private static String digest(String job, List<Entry> entries) throws JsonProcessingException {
            return Sha256.of((job + JSON.writeValueAsString(entries)).getBytes(StandardCharsets.UTF_8))
                    .hex();
        }

        boolean isOf(String wanted) throws JsonProcessingException {
            return wanted.equals(job) && entries != null && digest(job, entries).equals(check);
        }
    }

    /**
     * Trials with their file.
     *
     * @param job tells those of this job from those of others and of other kinds of machines
     */
    public RecordedTrials(Trials trials, Path file, Sha256 job) {
        this.trials = trials;
        this.file = file;
        this.job = job.hex() + " by rules " + Race.RULES;
        this.entries = read();
    }

    private List<Entry> read() {
        if (!Files.exists(file)) {
            return new ArrayList<>();
        }
        try {
            Content content = JSON.readValue(Files.readAllBytes(file), Content.class);
            if (content.isOf(job)) {
                return new ArrayList<>(content.entries);
            }
            LOG.warn("race {} is damaged, or belongs to another job or kind of machine, and begins anew", file);
        } catch (JsonProcessingException e) {
            LOG.warn("race {} begins anew: {}", file, e.getOriginalMessage());
        } catch (IOException e) {
            throw StorageFailure.of("race %s cannot be read".formatted(file), e);
        }
        return new ArrayList<>();
    }

    @Override
    public Measurement run(SortedMap<String, Double> values, double share) {
        if (next < entries.size()) {
            Entry known = entries.get(next);
            if (known.share == share && values.equals(known.values)) {
                next++;
                return known.measurement;
            }
            entries.subList(next, entries.size()).clear();
        }
        Measurement measurement = trials.run(values, share);
        entries.add(new Entry(new HashMap<>(values), share, measurement));
        next++;
        write();
        return measurement;
    }

    private void write() {
        Path beside = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.createDirectories(file.getParent());
            Files.write(beside, JSON.writeValueAsBytes(Content.of(job, entries)));
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw StorageFailure.of("race %s cannot be written".formatted(file), e);
        }
    }

    /** Steps of the trials that are known already. */
    public long steps() {
        return entries.stream().mapToLong(entry -> entry.measurement.steps()).sum();
    }

    @Override
    public double cost(SortedMap<String, Double> values, double share) {
        return trials.cost(values, share);
    }

    @Override
    public double overhead() {
        return trials.overhead();
    }

    @Override
    public int heldOut() {
        return trials.heldOut();
    }

    @Override
    public int earlierHeldOut() {
        return trials.earlierHeldOut();
    }
}
