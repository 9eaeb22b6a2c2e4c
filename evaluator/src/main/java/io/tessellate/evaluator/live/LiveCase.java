package io.tessellate.evaluator.live;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known under one id.
 *
 * @param since when it was first heard of, in milliseconds
 */
record LiveCase(long since, @Nullable LiveLabel label, List<LiveAnswer> answers) {
    LiveCase {
        answers = List.copyOf(answers);
    }

    static LiveCase at(long millis) {
        return new LiveCase(millis, null, List.of());
    }

    boolean answeredBy(LiveAnswer other) {
        return answers.stream().anyMatch(other::isBy);
    }

    LiveCase with(LiveAnswer answer) {
        List<LiveAnswer> more = new ArrayList<>(answers);
        more.add(answer);
        return new LiveCase(since, label, more);
    }

    LiveCase with(LiveLabel known) {
        return new LiveCase(since, known, answers);
    }
}
