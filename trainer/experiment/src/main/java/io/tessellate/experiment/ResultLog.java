package io.tessellate.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plan.Job;
import io.tessellate.experiment.result.RunOutcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The results so far, one JSON line each. What is in it is not run again; what of it cannot be used is said, with the numbers of its lines. A
 * last line that was cut off when the machine stopped stays where it is, and the next result begins a line of its own.
 */
final class ResultLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, RunOutcome> known = new HashMap<>();
    private final List<Integer> unreadable = new ArrayList<>();
    private final List<Integer> outdated = new ArrayList<>();

    /**
     * What a file holds; nothing if there is none.
     *
     * @param noted takes a line for what is left out
     */
    ResultLog(Path file, Consumer<String> noted) {
        this.file = file;
        if (Files.exists(file)) {
            read();
            say(unreadable, "cannot be read as a result", noted);
            say(outdated, "has a setting that this version does not know", noted);
        }
    }

    /** Bytes that are no text, as a cut leaves them, make their line unreadable and no other. */
    private void read() {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, file + " cannot be read", e);
        }
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!line.isBlank()) {
                take(number, line);
            }
        }
    }

    private void take(int number, String line) {
        Optional<RunOutcome> outcome = parse(line);
        if (outcome.isEmpty()) {
            unreadable.add(number);
            return;
        }
        Optional<String> key = key(outcome.get());
        if (key.isEmpty()) {
            outdated.add(number);
        } else {
            known.put(key.get(), outcome.get());
        }
    }

    /** By its setting, as it is said now; empty where that is no setting any more. */
    private static Optional<String> key(RunOutcome outcome) {
        try {
            return Optional.of(Job.keyOfKept(outcome.setting()).hex());
        } catch (TessellateException e) {
            return Optional.empty();
        }
    }

    private static Optional<RunOutcome> parse(String line) {
        try {
            return Optional.of(JSON.readValue(line, RunOutcome.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private void say(List<Integer> lines, String what, Consumer<String> noted) {
        if (!lines.isEmpty()) {
            noted.accept(
                    "%s: %d of its lines left out, each %s: %s; what they stood for runs again where the plan asks for it"
                            .formatted(file, lines.size(), what, numbers(lines)));
        }
    }

    private static String numbers(List<Integer> lines) {
        String all = lines.toString();
        return "line" + (lines.size() > 1 ? "s " : " ") + all.substring(1, all.length() - 1);
    }

    Optional<RunOutcome> find(String key) {
        return Optional.ofNullable(known.get(key));
    }

    void add(RunOutcome outcome) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    (isCutOff() ? "\n" : "") + JSON.writeValueAsString(outcome) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, file + " cannot be written", e);
        }
        known.put(outcome.key(), outcome);
    }

    /** Whether the last line lacks its end: what is written behind it would be lost with it. */
    private boolean isCutOff() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(bytes.length() - 1);
            return bytes.read() != '\n';
        }
    }
}
