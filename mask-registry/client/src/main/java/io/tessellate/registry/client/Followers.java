package io.tessellate.registry.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Those who hear of a log's events beside its fold. One that fails at an event keeps no other from hearing of it. */
final class Followers<E> {
    private final List<Consumer<E>> all = new CopyOnWriteArrayList<>();

    Following add(Consumer<E> follower) {
        all.add(follower);
        return () -> all.remove(follower);
    }

    /** Tells all of them; throws what the first of them threw, if one did. */
    void tell(E event) {
        RuntimeException failure = null;
        for (Consumer<E> follower : all) {
            failure = first(failure, failureOf(follower, event));
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static <E> @Nullable RuntimeException failureOf(Consumer<E> follower, E event) {
        try {
            follower.accept(event);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static @Nullable RuntimeException first(
            @Nullable RuntimeException earlier, @Nullable RuntimeException later) {
        if (earlier != null && later != null) {
            earlier.addSuppressed(later);
        }
        return earlier == null ? later : earlier;
    }
}
