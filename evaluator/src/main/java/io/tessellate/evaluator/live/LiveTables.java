package io.tessellate.evaluator.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.evaluator.live.LiveLabel.Pair;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the fold in one state: {@code t/} what is counted of a task, {@code c/} what is known under an id, {@code a/} the
 * ids of a task by their age, {@code p/} the newest pairs of a view and version, round and round.
 */
final class LiveTables {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final String TALLY = "t/";
    private static final String CASE = "c/";
    private static final String AGE = "a/";
    private static final String PAIR = "p/";
    /** A task's part of a key ends with what no name has. */
    private static final String END = "\n";

    private final LiveState state;

    LiveTables(LiveState state) {
        this.state = state;
    }

    LiveTally tally(TaskId task) {
        String text = state.get(TALLY + task);
        return text == null ? LiveTally.NEW : read(text, LiveTally.class);
    }

    void put(TaskId task, LiveTally tally) {
        state.put(TALLY + task, write(tally));
    }

    List<TaskId> tasks() {
        return state.first(TALLY, Integer.MAX_VALUE).stream()
                .map(entry -> TaskId.parse(entry.getKey().substring(TALLY.length())))
                .toList();
    }

    Optional<LiveCase> known(TaskId task, String id) {
        return Optional.ofNullable(state.get(CASE + task + END + id)).map(text -> read(text, LiveCase.class));
    }

    /** Remembers what is known under an id. */
    void put(TaskId task, String id, LiveCase known) {
        state.put(CASE + task + END + id, write(known));
        state.put(age(task, known.since()) + END + id, "");
    }

    /** The oldest id of a task that was first heard of before a moment. */
    @Nullable
    String oldest(TaskId task, long before) {
        return state.first(AGE + task + END, 1).stream()
                .map(entry -> entry.getKey().substring((AGE + task + END).length()))
                .filter(rest -> Long.parseLong(rest.substring(0, rest.indexOf(END))) < before)
                .map(rest -> rest.substring(rest.indexOf(END) + END.length()))
                .findFirst()
                .orElse(null);
    }

    void forget(TaskId task, String id, LiveCase known) {
        state.delete(CASE + task + END + id);
        state.delete(age(task, known.since()) + END + id);
    }

    private static String age(TaskId task, long since) {
        return String.format(Locale.ROOT, "%s%s%s%020d", AGE, task, END, Math.max(0, since));
    }

    void put(TaskId task, LiveTally.Window window, long slot, Pair pair) {
        state.put(
                pairs(task, window) + String.format(Locale.ROOT, "%08d", slot), pair.predicted() + " " + pair.right());
    }

    List<Pair> pairs(TaskId task, LiveTally.Window window, int most) {
        return state.first(pairs(task, window), most).stream()
                .map(entry -> entry.getValue().split(" ", 2))
                .map(words -> new Pair(Double.parseDouble(words[0]), Double.parseDouble(words[1])))
                .toList();
    }

    void forget(TaskId task, LiveTally.Window window) {
        Stream<String> keys =
                state.first(pairs(task, window), Integer.MAX_VALUE).stream().map(java.util.Map.Entry::getKey);
        keys.forEach(state::delete);
    }

    private static String pairs(TaskId task, LiveTally.Window window) {
        return PAIR + task + END + window.view().label() + END + window.version() + END;
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a live case cannot be written", e);
        }
    }

    private static <T> T read(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds what it was not given", e);
        }
    }
}
