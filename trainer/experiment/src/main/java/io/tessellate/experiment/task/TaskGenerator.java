package io.tessellate.experiment.task;

import io.tessellate.dataset.Example;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.List;

/** Classification tasks and a base model that are made rather than read, so that a plan runs without any data. */
public interface TaskGenerator {
    /** Folder of the base model that knows the generated language; where it has to be written, in this directory. */
    Path model(Path directory);

    /** Number of classes of a generated task; INVALID_CONFIGURATION if there is none of that name. */
    int labels(String task);

    /** That many examples of a generated task, always the same; the classes take turns. */
    Examples examples(String task, int train, int eval);

    /** Both splits of a task. */
    record Examples(List<Example> train, List<Example> eval) {}

    /** A generator that knows no task, for plans that read theirs. */
    static TaskGenerator none() {
        return new TaskGenerator() {
            @Override
            public Path model(Path directory) {
                throw unknown("base model");
            }

            @Override
            public int labels(String task) {
                throw unknown("task '" + task + "'");
            }

            @Override
            public Examples examples(String task, int train, int eval) {
                throw unknown("task '" + task + "'");
            }

            private TessellateException unknown(String what) {
                return new TessellateException(
                        ErrorCode.INVALID_CONFIGURATION, "the %s cannot be generated here".formatted(what));
            }
        };
    }
}
