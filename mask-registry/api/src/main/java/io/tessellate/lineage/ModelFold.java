package io.tessellate.lineage;

import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventVisitor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Folds the events of one model; owned by one {@link Lineage}, which lets out only snapshots. */
final class ModelFold {
    private final ModelName name;
    private final List<ModelVersion> versions = new ArrayList<>();
    private final Map<TaskName, Reservation> reservations = new HashMap<>();
    private final List<RegistryEvent.AdapterRejected> rejections = new ArrayList<>();
    private final Map<TaskName, CertifiedTask> certified = new HashMap<>();
    private final Championship championship = new Championship();
    private final Map<RunId, Intervention.TaskCancelled> cancelled = new HashMap<>();
    private RegistryEvent.@Nullable ModelRegistered base;
    private @Nullable Parked parked;
    private int parent;
    private long lastToken;
    private long sequence;

    ModelFold(ModelName name) {
        this.name = name;
    }

    /** Applies the next event; false if it was applied before. */
    boolean apply(LoggedEvent entry) {
        if (entry.sequence() <= sequence) {
            return false;
        }
        if (entry.sequence() != sequence + 1) {
            throw new IllegalStateException(
                    "log of model %s has a gap: event %d follows event %d".formatted(name, entry.sequence(), sequence));
        }
        entry.event().accept(new Step(entry.at()));
        sequence = entry.sequence();
        return true;
    }

    /** The model as of the last event; empty while it is not registered. */
    Optional<ModelLine> snapshot() {
        return base == null ? Optional.empty() : Optional.of(new ModelLine(this));
    }

    ModelName name() {
        return name;
    }

    RegistryEvent.ModelRegistered base() {
        if (base == null) {
            throw new IllegalStateException("log of model %s speaks of it before it is registered".formatted(name));
        }
        return base;
    }

    List<ModelVersion> versions() {
        return versions;
    }

    Map<TaskName, Reservation> reservations() {
        return reservations;
    }

    List<RegistryEvent.AdapterRejected> rejections() {
        return rejections;
    }

    Map<RunId, Intervention.TaskCancelled> cancelled() {
        return cancelled;
    }

    Championship championship() {
        return championship;
    }

    int parent() {
        return parent;
    }

    Optional<Parked> parked() {
        return Optional.ofNullable(parked);
    }

    long lastToken() {
        return lastToken;
    }

    long sequence() {
        return sequence;
    }

    /** Every version vouches for all tasks before it: what it says of them again is kept once. */
    private RegistryEvent.AdapterCommitted sharing(RegistryEvent.AdapterCommitted event) {
        return new RegistryEvent.AdapterCommitted(
                event.task(),
                event.run(),
                event.token(),
                event.version(),
                event.adapter(),
                event.method(),
                event.owned(),
                event.overlap(),
                event.recipe(),
                event.datasetDigest(),
                event.certificate().stream().map(this::known).toList(),
                event.spectra(),
                event.leftOut(),
                event.race(),
                event.holds());
    }

    private Holding holding(int version) {
        return version == 0 ? Holding.NONE : versions.get(version - 1).holding();
    }

    /** The commits that some versions were made by. */
    private Holding holding(List<Integer> numbers) {
        return new Holding(numbers.stream()
                .map(number -> known(number)
                        .commit()
                        .orElseThrow(() -> new IllegalStateException(
                                "version %d of model %s brought no adapter that another could hold"
                                        .formatted(number, name))))
                .toList());
    }

    private ModelVersion known(int version) {
        if (version < 1 || version > versions.size()) {
            throw new IllegalStateException(
                    "log of model %s names version %d of %d".formatted(name, version, versions.size()));
        }
        return versions.get(version - 1);
    }

    private void requireNext(int version) {
        base();
        if (version != versions.size() + 1) {
            throw new IllegalStateException(
                    "version %d of model %s cannot follow version %d".formatted(version, name, versions.size()));
        }
    }

    private CertifiedTask known(CertifiedTask entry) {
        CertifiedTask before = certified.putIfAbsent(entry.task(), entry);
        return entry.equals(before) ? before : entry;
    }

    private void close(TaskName task, long token) {
        Reservation open = reservations.get(task);
        if (open != null && open.token() == token) {
            reservations.remove(task);
        }
    }

    /** What each variant changes. */
    private final class Step implements RegistryEventVisitor<Boolean> {
        private final Instant at;

        Step(Instant at) {
            this.at = at;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelRegistered event) {
            if (base != null) {
                throw new IllegalStateException("log of model %s registers it twice".formatted(name));
            }
            base = event;
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.CommandRejected event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.MaskReserved event) {
            base();
            if (event.token() <= lastToken) {
                throw new IllegalStateException(
                        "tokens of model %s must grow: %d after %d".formatted(name, event.token(), lastToken));
            }
            lastToken = event.token();
            reservations.put(event.task(), new Reservation(new TaskId(name, event.task()), event));
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.ReservationReleased event) {
            close(event.task(), event.token());
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.AdapterCommitted event) {
            requireNext(event.version());
            RegistryEvent.AdapterCommitted shared = sharing(event);
            CommittedVersion commit = new CommittedVersion(new TaskId(name, event.task()), shared, at);
            Holding holding = holding(parent).with(commit);
            if (!event.holds().isEmpty() && !event.holds().equals(holding.numbers())) {
                throw new IllegalStateException("version %d of model %s says it holds %s, and was built to hold %s"
                        .formatted(event.version(), name, event.holds(), holding.numbers()));
            }
            close(event.task(), event.token());
            versions.add(new ModelVersion(event.version(), parent, holding, shared.certificate(), at, commit));
            parent = event.version();
            return true;
        }

        @Override
        public Boolean visit(Intervention.VersionComposed event) {
            requireNext(event.version());
            List<CertifiedTask> certificate =
                    event.certificate().stream().map(ModelFold.this::known).toList();
            versions.add(new ModelVersion(event.version(), parent, holding(event.holds()), certificate, at, null));
            parent = event.version();
            return true;
        }

        @Override
        public Boolean visit(Intervention.ParentChanged event) {
            if (event.version() != 0) {
                known(event.version());
            }
            parent = event.version();
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.AdapterRejected event) {
            close(event.task(), event.token());
            rejections.add(event);
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPromoted event) {
            championship.crown(event.version());
            if (event.who() != null) {
                championship.choose(holding(event.version()));
            }
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPassed event) {
            championship.judge(event.version(), VersionStanding.PASSED);
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionQuarantined event) {
            championship.judge(event.version(), VersionStanding.QUARANTINED);
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelParked event) {
            parked = new Parked(event, at);
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelResumed event) {
            parked = null;
            return true;
        }

        @Override
        public Boolean visit(Intervention.VersionRolledBack event) {
            Holding to = holding(event.version());
            championship.crown(event.version());
            championship.goBack(to, holding(event.from()));
            championship.goBack(to, holding(parent));
            return true;
        }

        @Override
        public Boolean visit(Intervention.TaskCancelled event) {
            cancelled.put(event.run(), event);
            reservations.values().removeIf(open -> open.run().equals(event.run()));
            return true;
        }
    }
}
