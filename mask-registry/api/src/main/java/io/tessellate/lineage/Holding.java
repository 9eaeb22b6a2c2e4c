package io.tessellate.lineage;

import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.VersionDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which adapters a version holds: no more than one of a task, in the order in which they are applied to the base. A version need
 * not hold what every version before it held, so this and nothing else says what is in it.
 *
 * @param commits the commits that brought them
 */
public record Holding(List<CommittedVersion> commits) {
    /** What the base holds. */
    public static final Holding NONE = new Holding(List.of());

    /** Refuses two adapters of one task. */
    public Holding {
        commits = List.copyOf(commits);
        long tasks = commits.stream().map(CommittedVersion::task).distinct().count();
        if (tasks != commits.size()) {
            throw new IllegalArgumentException("a version holds one adapter of a task, not "
                    + commits.stream().map(CommittedVersion::number).toList());
        }
    }

    /** The same with one adapter on top. */
    Holding with(CommittedVersion newest) {
        List<CommittedVersion> more = new ArrayList<>(commits);
        more.add(newest);
        return new Holding(more);
    }

    /** How many adapters. */
    public int size() {
        return commits.size();
    }

    /** Their tasks. */
    public List<TaskId> tasks() {
        return commits.stream().map(CommittedVersion::task).toList();
    }

    /** The names of their tasks within the model. */
    public List<TaskName> taskNames() {
        return commits.stream().map(commit -> commit.task().task()).toList();
    }

    /** Their files. */
    public List<StoredFile> files() {
        return commits.stream().map(CommittedVersion::adapter).toList();
    }

    /** The versions that brought them. */
    public List<Integer> numbers() {
        return commits.stream().map(CommittedVersion::number).toList();
    }

    /** The commit of a task's adapter, if it is held. */
    public Optional<CommittedVersion> of(TaskName task) {
        return commits.stream()
                .filter(commit -> commit.task().task().equals(task))
                .findFirst();
    }

    /** The adapters held without that of a task, which may not be among them. */
    public List<Integer> numbersWithout(TaskName task) {
        return commits.stream()
                .filter(commit -> !commit.task().task().equals(task))
                .map(CommittedVersion::number)
                .toList();
    }

    /** Whether every adapter of another holding is held, in whatever order. */
    public boolean holds(Holding other) {
        return numbers().containsAll(other.numbers());
    }

    /** Whether another holding begins with exactly these. */
    public boolean begins(Holding other) {
        return size() <= other.size() && other.numbers().subList(0, size()).equals(numbers());
    }

    /** Identity of the weights that these adapters make of a base. */
    public VersionDigest digest(Sha256 base) {
        return VersionDigest.of(base, files().stream().map(StoredFile::sha256).toList());
    }

    /** Eligible weights that some task of it owns. */
    public long owned() {
        return commits.stream()
                .mapToLong(commit -> commit.owned() - commit.overlap())
                .sum();
    }

    /** Weights counted again for each owner after the first; 0 under exclusive ownership. */
    public long overlap() {
        return commits.stream().mapToLong(CommittedVersion::overlap).sum();
    }
}
