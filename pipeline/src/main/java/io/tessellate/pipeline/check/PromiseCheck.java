package io.tessellate.pipeline.check;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

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

    /**
     * What a later reading of the same log confirms. The topics are read one after the other, and while a stack goes on working an effect may be
     * read whose cause was not there yet, a promotion before the row that it follows from: whatever is broken is broken in both.
     */
    public PromiseCheck confirmedBy(PromiseCheck later) {
        return new PromiseCheck(IntStream.range(0, verdicts.size())
                .mapToObj(n -> verdicts.get(n).confirmedBy(later.verdicts.get(n)))
                .toList());
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
