package io.tessellate.recipe;

import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * On whose data a mask is calibrated, as {@code maskFrom} says it: nothing for the task's own, {@code TASK} for an earlier task of the same
 * model, {@code MODEL/TASK} for any dataset that was closed, whether or not a model has learnt it; the one that was closed last, unless
 * {@code MODEL/TASK@DIGEST} names it; {@code topic:TOPIC@PARTITION:FROM-TO,...} for records of any topic, of each partition those from one
 * offset to before another, and {@code topic:...@DIGEST} for them as long as they are what they were.
 */
public sealed interface MaskSource {
    /** The rule of the field, to follow "the field is 3 but". */
    String RULE =
            "must be the name of a task, MODEL/TASK, MODEL/TASK@DIGEST, topic:TOPIC@PARTITION:FROM-TO,... (FROM before TO,"
                    + " each partition once) or empty";

    /** What the field holds; empty if it breaks the rule. */
    static Optional<MaskSource> read(String text) {
        if (text.isEmpty()) {
            return Optional.of(new Own());
        }
        Matcher topic = Syntax.TOPIC.matcher(text);
        if (topic.matches()) {
            return Syntax.stretches(topic.group("stretches"))
                    .map(stretches ->
                            new Records(topic.group("topic"), stretches, Syntax.digest(topic.group("digest"))));
        }
        Matcher task = Syntax.TASK.matcher(text);
        if (!task.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                task.group("task") == null
                        ? new Earlier(text)
                        : new Dataset(
                                TaskId.of(task.group("name"), task.group("task")),
                                Syntax.digest(task.group("digest"))));
    }

    /** Reads what the field holds, which keeps to its rule. */
    static MaskSource parse(String text) {
        return read(text)
                .orElseThrow(() -> new IllegalArgumentException("'maskFrom' is %s but %s".formatted(text, RULE)));
    }

    /** Whether it is an earlier task of the same model. */
    default boolean isEarlier() {
        return false;
    }

    /** Whether it is this earlier task of the same model. */
    default boolean isEarlier(TaskName name) {
        return false;
    }

    /** Whether it is what a run is given beside its own data and its model's earlier tasks. */
    default boolean isElsewhere() {
        return false;
    }

    /** The task's own data. */
    record Own() implements MaskSource {}

    /**
     * An earlier task of the same model.
     *
     * @param task its name
     */
    record Earlier(String task) implements MaskSource {
        @Override
        public boolean isEarlier() {
            return true;
        }

        @Override
        public boolean isEarlier(TaskName name) {
            return name.value().equals(task);
        }
    }

    /**
     * A dataset that was closed.
     *
     * @param task whose it is
     * @param digest of its content; empty: the one that was closed last
     */
    record Dataset(TaskId task, Optional<Sha256> digest) implements MaskSource {
        @Override
        public boolean isElsewhere() {
            return true;
        }

        /** As the field says it of exactly this content. */
        public String at(Sha256 content) {
            return task + "@" + content.hex();
        }
    }

    /**
     * Records of a topic, whether or not they belong to a dataset.
     *
     * @param topic its name
     * @param stretches of its partitions, each of another one
     * @param digest of the examples that they are; empty: whatever they are
     */
    record Records(String topic, List<Stretch> stretches, Optional<Sha256> digest) implements MaskSource {
        /** Copies the list. */
        public Records {
            stretches = List.copyOf(stretches);
        }

        @Override
        public boolean isElsewhere() {
            return true;
        }

        /** As the field says it of exactly these examples. */
        public String at(Sha256 content) {
            return "topic:%s@%s@%s"
                    .formatted(
                            topic,
                            stretches.stream().map(Stretch::toString).collect(Collectors.joining(",")),
                            content.hex());
        }
    }

    /**
     * A stretch of a partition.
     *
     * @param partition its number
     * @param from first offset
     * @param to offset after the last
     */
    record Stretch(int partition, long from, long to) {
        @Override
        public String toString() {
            return "%d:%d-%d".formatted(partition, from, to);
        }
    }

    /** How the field is written. */
    final class Syntax {
        private static final String NAME = "[a-z0-9][a-z0-9_-]{0,62}";
        private static final String DIGEST = "(?:@(?<digest>[0-9a-f]{64}))?";
        private static final Pattern TASK =
                Pattern.compile("(?<name>%1$s)(?:/(?<task>%1$s)%2$s)?".formatted(NAME, DIGEST));
        private static final Pattern TOPIC =
                Pattern.compile("topic:(?<topic>[A-Za-z0-9._-]{1,249})@(?<stretches>[0-9:,-]+)%s".formatted(DIGEST));
        private static final Pattern STRETCH = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})-([0-9]{1,18})");

        private Syntax() {}

        private static Optional<Sha256> digest(String hex) {
            return Optional.ofNullable(hex).map(Sha256::new);
        }

        private static Optional<List<Stretch>> stretches(String text) {
            List<Stretch> stretches = new ArrayList<>();
            Set<Integer> partitions = new HashSet<>();
            for (String one : text.split(",", -1)) {
                Matcher stretch = STRETCH.matcher(one);
                if (!stretch.matches()) {
                    return Optional.empty();
                }
                int partition = Integer.parseInt(stretch.group(1));
                long from = Long.parseLong(stretch.group(2));
                long to = Long.parseLong(stretch.group(3));
                if (from >= to || !partitions.add(partition)) {
                    return Optional.empty();
                }
                stretches.add(new Stretch(partition, from, to));
            }
            return Optional.of(stretches);
        }
    }
}
