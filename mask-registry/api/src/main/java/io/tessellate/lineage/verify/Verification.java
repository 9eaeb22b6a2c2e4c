package io.tessellate.lineage.verify;

import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What came of checking a version against its certificates.
 *
 * @param model the model
 * @param version the version
 * @param files one entry for every file of the base
 * @param tasks one entry for every task of the version
 */
public record Verification(ModelName model, int version, List<VerifiedFile> files, List<VerifiedTask> tasks) {
    public Verification {
        files = List.copyOf(files);
        tasks = List.copyOf(tasks);
    }

    /** Whether the base's files are the registered ones. */
    public boolean baseOk() {
        return files.stream().allMatch(VerifiedFile::ok);
    }

    /** Whether everything is as it was certified. */
    public boolean ok() {
        return baseOk() && tasks.stream().allMatch(VerifiedTask::ok);
    }

    /** Everything that is not as it was, one line each, with task, version and path as far as they are known. */
    public List<String> problems() {
        Stream<String> ofBase = files.stream()
                .filter(file -> !file.ok())
                .map(file -> "base, %s: %s".formatted(file.name(), file.problem()));
        Stream<String> ofTasks = tasks.stream()
                .filter(task -> !task.ok())
                .map(task -> "task %s, version %d: %s".formatted(task.task(), task.version(), task.problem()));
        return Stream.concat(ofBase, ofTasks).toList();
    }

    /**
     * One file of the base.
     *
     * @param name its name
     * @param path where it lies, if that is known
     * @param problem what is wrong with it; null if nothing is
     */
    public record VerifiedFile(
            String name, @Nullable String path, @Nullable String problem) {
        /** Whether it is the registered one. */
        public boolean ok() {
            return problem == null;
        }
    }

    /**
     * One task's weights.
     *
     * @param task the task
     * @param version the version it was committed as
     * @param sha256 digest recomputed from the version's files; null if they cannot be read
     * @param path where its adapter lies, if that is what is wrong
     * @param problem what is wrong; null if the weights are what this version, and the one the task was committed as, vouch for
     */
    public record VerifiedTask(
            TaskName task,
            int version,
            @Nullable Sha256 sha256,
            @Nullable String path,
            @Nullable String problem) {
        /** Whether the weights are what was vouched for. */
        public boolean ok() {
            return problem == null;
        }
    }
}
