package io.tessellate.pipeline.check;

import java.util.List;
import java.util.function.Predicate;

/**
 * A history held against all eight promises.
 *
 * @param verdicts one for each promise, in their order
 */
public record PromiseCheck(List<PromiseVerdict> verdicts) {
    public PromiseCheck {
        verdicts = List.copyOf(verdicts);
    }

    /** Judges a whole history. */
    public static PromiseCheck of(History history) {
        return new PromiseCheck(
                Promise.all().stream().map(promise -> promise.examine(history)).toList());
    }

    /** Judges what a history says about some models. */
    public static PromiseCheck of(History history, Predicate<String> models) {
        return of(history.only(models));
    }

    /** Whether no promise is broken. */
    public boolean kept() {
        return verdicts.stream().allMatch(PromiseVerdict::kept);
    }

    /** Whether there is nothing left of which it cannot be said yet. */
    public boolean settled() {
        return verdicts.stream().allMatch(verdict -> verdict.open().isEmpty());
    }
}
