package io.tessellate.evaluator.live;

import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The newest standing of every task: a fold over {@code live-scores}. May be read and fed from different threads. */
public final class LiveBook {
    private final Map<TaskId, LiveStanding> standings = new TreeMap<>();
    private final List<Consumer<LiveStanding>> followers = new CopyOnWriteArrayList<>();
    private long revision;

    /** Takes a standing. */
    public void apply(LiveStanding standing) {
        synchronized (this) {
            standings.put(standing.task(), standing);
            revision++;
        }
        followers.forEach(follower -> follower.accept(standing));
    }

    /** Hears of every standing: of those that are known, and of those to come. */
    void follow(Consumer<LiveStanding> follower) {
        followers.add(follower);
        standings().forEach(follower);
    }

    /** All of them, by task. */
    public synchronized List<LiveStanding> standings() {
        return List.copyOf(standings.values());
    }

    /** Those of a model's tasks. */
    public List<LiveStanding> standings(ModelName model) {
        return standings().stream()
                .filter(standing -> standing.task().model().equals(model))
                .toList();
    }

    /** One task's, if it was asked anything. */
    public synchronized Optional<LiveStanding> standing(TaskId task) {
        return Optional.ofNullable(standings.get(task));
    }

    /** A number that grows with every standing. */
    public synchronized long revision() {
        return revision;
    }
}
