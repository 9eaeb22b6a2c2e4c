package io.tessellate.lineage;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.lineage.log.VerdictRules;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.grant.Ownership;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A registered model and the versions grown on it, as of one event of its log. Immutable: the fold makes a new one for
 * every event, so a reader keeps what it saw.
 */
public final class ModelLine {
    private final ModelName name;
    private final RegistryEvent.ModelRegistered base;
    private final List<ModelVersion> versions;
    private final List<CommittedVersion> commits;
    private final Map<TaskName, Reservation> reservations;
    private final List<RegistryEvent.AdapterRejected> rejections;
    private final Championship championship;
    private final Map<RunId, Intervention.TaskCancelled> cancelled;
    private final int parent;
    private final long lastToken;
    private final @Nullable Parked parked;

    ModelLine(ModelFold fold) {
        this.name = fold.name();
        this.base = fold.base();
        this.versions = List.copyOf(fold.versions());
        this.commits =
                versions.stream().flatMap(version -> version.commit().stream()).toList();
        this.reservations = Map.copyOf(fold.reservations());
        this.rejections = List.copyOf(fold.rejections());
        this.championship = fold.championship().copy();
        this.cancelled = Map.copyOf(fold.cancelled());
        this.parent = fold.parent();
        this.lastToken = fold.lastToken();
        this.parked = fold.parked().orElse(null);
    }

    /** Name the model was registered under. */
    public ModelName name() {
        return name;
    }

    /** SHA-256 of the base's weight file. */
    public Sha256 baseDigest() {
        return base.baseDigest();
    }

    /** Where the base came from, for example {@code hf:org/name@commit}; empty if from a directory. */
    public String origin() {
        return base.origin();
    }

    /** The base's files. */
    public List<StoredFile> files() {
        return base.files();
    }

    /** A file of the base by its name, for example {@code config.json}. */
    public StoredFile file(String fileName) {
        return base.files().stream()
                .filter(file -> file.name().equals(fileName))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.MALFORMED_FILE, "base of model %s has no file %s".formatted(name, fileName)));
    }

    /** What another registration under this name would change, one line each, file by file; none if it is the same. */
    public List<String> differences(RegistryEvent.ModelRegistered other) {
        return RegistrationDifferences.between(base, other);
    }

    /** Tensors tasks may own. */
    public ParameterSpace space() {
        return base.space();
    }

    /** How tasks share weights. */
    public Ownership ownership() {
        return base.ownership();
    }

    /** Largest drop of an earlier task's union score with which a version is promoted. */
    public double forgettingBudget() {
        return base.forgettingBudget();
    }

    /** Whether a version is promoted although not all of its tasks could be measured. */
    public boolean promoteUnmeasured() {
        return base.promoteUnmeasured();
    }

    /** How its versions are judged. */
    public VerdictRules rules() {
        return base.rules();
    }

    /** All versions, oldest first. */
    public List<ModelVersion> versions() {
        return versions;
    }

    /** All adapters that were ever committed, oldest first, whether or not a version still holds them. */
    public List<CommittedVersion> commits() {
        return commits;
    }

    /** Number of the newest version; 0 is the base. */
    public int currentVersion() {
        return versions.size();
    }

    /** Number of the version that the next one is trained on and built on; 0 is the base. */
    public int parent() {
        return parent;
    }

    /** A version by its number, from 1. */
    public ModelVersion version(int number) {
        requireVersion(number, 1);
        return versions.get(number - 1);
    }

    /** The commit that made a version; UNKNOWN_VERSION for one that was composed. */
    public CommittedVersion commit(int number) {
        String composed = "version %d of model %s was not trained: it is composed of versions %s"
                .formatted(number, name, holding(number).numbers());
        return version(number).commit().orElseThrow(() -> new TessellateException(ErrorCode.UNKNOWN_VERSION, composed));
    }

    /** Which adapters a version holds; none for the base, 0. */
    public Holding holding(int version) {
        requireVersion(version, 0);
        return version == 0 ? Holding.NONE : versions.get(version - 1).holding();
    }

    /** Which adapters the next version will hold besides its own: whose weights are owned. */
    public Holding holding() {
        return holding(parent);
    }

    /** Tasks whose adapters {@link #holding()} has, in the order of their commits. */
    public List<TaskId> tasks() {
        return holding().tasks();
    }

    /** The newest version a task was committed as, if it was. */
    public Optional<CommittedVersion> versionOf(TaskName task) {
        return commits.stream()
                .filter(commit -> commit.task().task().equals(task))
                .reduce((earlier, later) -> later);
    }

    /** The version a run was committed as, if it was. */
    public Optional<CommittedVersion> versionOf(RunId run) {
        return commits.stream().filter(commit -> commit.run().equals(run)).findFirst();
    }

    /** Which adapters make the task view of an adapter, whatever has become of them: those of the version it was committed as. */
    public Holding taskView(CommittedVersion commit) {
        return holding(commit.number());
    }

    /** The files that the versions and task views to come are made of: what is held, and what the views of held tasks need. */
    public List<StoredFile> adaptersInUse() {
        return holding().commits().stream()
                .flatMap(commit -> taskView(commit).files().stream())
                .distinct()
                .toList();
    }

    /** Identity of a version's weights; what an adapter names as its parent. */
    public VersionDigest versionDigest(int version) {
        return holding(version).digest(base.baseDigest());
    }

    /** Reservations not yet committed, refused or released. */
    public Collection<Reservation> reservations() {
        return reservations.values();
    }

    /** The newest reservation of a task, if it is open. */
    public Optional<Reservation> reservation(TaskName task) {
        return Optional.ofNullable(reservations.get(task));
    }

    /** The open reservation of a run, if there is one. */
    public Optional<Reservation> reservation(RunId run) {
        return reservations.values().stream()
                .filter(reservation -> reservation.run().equals(run))
                .findFirst();
    }

    /** Refused adapters, oldest first. */
    public List<RegistryEvent.AdapterRejected> rejections() {
        return rejections;
    }

    /** The refusal of the adapter a run trained under a token, if it was refused. */
    public Optional<RegistryEvent.AdapterRejected> rejection(RunId run, long token) {
        return rejections.stream()
                .filter(rejection -> rejection.run().equals(run) && rejection.token() == token)
                .findFirst();
    }

    /** The last refusal of a run, if it had one. */
    public Optional<RegistryEvent.AdapterRejected> lastRejection(RunId run) {
        return rejections.stream()
                .filter(rejection -> rejection.run().equals(run))
                .reduce((earlier, later) -> later);
    }

    /** The version the alias champion names, if one was promoted. */
    public OptionalInt champion() {
        int champion = championship.champion();
        return champion == 0 ? OptionalInt.empty() : OptionalInt.of(champion);
    }

    /** What has become of a version, from 1. */
    public VersionStanding standing(int version) {
        requireVersion(version, 1);
        return championship.standing(version);
    }

    /** Versions that must not become champion, in ascending order. */
    public List<Integer> quarantined() {
        return versions.stream()
                .map(ModelVersion::number)
                .filter(version -> standing(version) == VersionStanding.QUARANTINED)
                .toList();
    }

    /**
     * What of a version's adapters a person rolled back from and nobody has promoted since, as tasks in the order of their commits.
     * While there is one, the version becomes champion only by a person.
     */
    public List<TaskId> heldBack(int version) {
        return championship.heldBack(holding(version));
    }

    /** That a run was ended by a person, if it was: it is never committed. */
    public Optional<Intervention.TaskCancelled> cancelled(RunId run) {
        return Optional.ofNullable(cancelled.get(run));
    }

    /** Why nothing of the model is committed for now, if it waits for a person. */
    public Optional<Parked> parked() {
        return Optional.ofNullable(parked);
    }

    /** Highest fencing token given out; 0 before the first. */
    public long lastToken() {
        return lastToken;
    }

    /** Eligible weights that some task owns. */
    public long owned() {
        return holding().owned();
    }

    /** Eligible weights that no task owns. */
    public long free() {
        return space().size() - owned();
    }

    /** Weights counted again for each owner after the first; 0 under exclusive ownership. */
    public long overlap() {
        return holding().overlap();
    }

    private void requireVersion(int version, int first) {
        if (version < first || version > versions.size()) {
            throw new TessellateException(
                    ErrorCode.UNKNOWN_VERSION,
                    "model %s has versions %d to %d, not %d".formatted(name, first, versions.size(), version));
        }
    }

    @Override
    public String toString() {
        return "%s at version %d".formatted(name, currentVersion());
    }
}
