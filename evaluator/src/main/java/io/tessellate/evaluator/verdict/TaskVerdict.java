package io.tessellate.evaluator.verdict;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.id.TaskName;
import org.jspecify.annotations.Nullable;

/**
 * How one earlier task did at a version, and what it was held against.
 *
 * @param reason in words
 * @param budget largest drop allowed
 * @param budgetFrom {@code registration}, {@code manifest} or {@code model}: whose budget it is
 * @param drop best earlier union score minus the one now; null where one of them is missing
 * @param against version of the best earlier score
 * @param test of the examples of both versions; null where there is none
 * @param corrected its p after Holm's correction over the tasks of the version
 * @param examples how many both versions were scored on
 * @param untested why there is no test
 */
public record TaskVerdict(
        TaskName task,
        VerdictLevel verdict,
        String reason,
        double budget,
        String budgetFrom,
        @Nullable Double drop,
        @Nullable Integer against,
        @Nullable DropTest test,
        @Nullable Double corrected,
        long examples,
        @Nullable String untested) {}
