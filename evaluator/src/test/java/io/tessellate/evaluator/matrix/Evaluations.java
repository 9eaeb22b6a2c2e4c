package io.tessellate.evaluator.matrix;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.verdict.OutcomeSource;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Evaluations as a sound evaluator would write them: the task view of a task is the same at every version. */
public final class Evaluations {
    public static final ModelName MODEL = new ModelName("support-bot");
    public static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    private static final List<String> NAMES = List.of("tone", "topic", "grammar", "paraphrase", "question", "sixth");

    /** Predictions that nobody kept. */
    public static final OutcomeSource NO_OUTCOMES = (hits, metric) -> {
        throw new TessellateException(ErrorCode.NOT_MEASURABLE, "nobody kept them");
    };

    private Evaluations() {}

    public static List<TaskName> tasks(int version) {
        return NAMES.subList(0, version).stream().map(TaskName::new).toList();
    }

    /** All 2n evaluations of a version; {@code unionScore} for earlier tasks, 0.9 for the newest and the task view. */
    public static List<Evaluation> version(ModelName model, int version, double unionScore) {
        List<Evaluation> all = new ArrayList<>();
        for (int task = 1; task <= version; task++) {
            all.add(evaluation(model, version, task, View.UNION, task == version ? 0.9 : unionScore, "u" + version));
            all.add(evaluation(model, version, task, View.TASK, 0.9, "t"));
        }
        return all;
    }

    public static Evaluation evaluation(
            ModelName model, int version, int task, View view, double score, String predictions) {
        Sha256 digest = digest(predictions + task);
        return new Evaluation(
                model,
                version,
                tasks(version),
                tasks(version).get(task - 1),
                view,
                "accuracy",
                new Evaluation.Measured(score, 500, digest, new Evaluation.Hits("hits.jsonl", digest, 1234)),
                START.plusSeconds(60L * version + task));
    }

    public static Evaluation gap(ModelName model, int version, int task, View view) {
        return new Evaluation(
                model,
                version,
                tasks(version),
                tasks(version).get(task - 1),
                view,
                "unknown",
                new Evaluation.NotMeasured(ErrorCode.RECORDS_GONE, "the topic was deleted"),
                START.plusSeconds(60L * version + task));
    }

    public static List<Evaluation> versions(ModelName model, int count, double unionScore) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(version -> version(model, version, unionScore))
                .flatMap(List::stream)
                .toList();
    }

    public static Sha256 digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
