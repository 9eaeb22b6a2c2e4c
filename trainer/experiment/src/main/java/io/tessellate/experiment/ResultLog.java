package io.tessellate.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plan.Job;
import io.tessellate.experiment.result.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The results so far, one JSON line each. What is in it is not run again. */
final class ResultLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, RunOutcome> known = new HashMap<>();

    ResultLog(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            read();
        }
    }

    private void read() {
        try (var lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                parse(line).ifPresent(outcome -> known.put(key(outcome), outcome));
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, file + " cannot be read", e);
        }
    }

    /** By its setting, as it is said now; one that no longer can be is as good as not there. */
    private static String key(RunOutcome outcome) {
        try {
            return Job.keyOfKept(outcome.setting()).hex();
        } catch (TessellateException e) {
            return outcome.key();
        }
    }

    /** A line that was cut off when the machine stopped is a result that is not there. */
    private static Optional<RunOutcome> parse(String line) {
        try {
            return Optional.of(JSON.readValue(line, RunOutcome.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    Optional<RunOutcome> find(String key) {
        return Optional.ofNullable(known.get(key));
    }

    void add(RunOutcome outcome) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    JSON.writeValueAsString(outcome) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, file + " cannot be written", e);
        }
        known.put(outcome.key(), outcome);
    }
}
