package io.tessellate.pipeline.check;

import io.tessellate.lineage.log.Intervention.ParentChanged;
import io.tessellate.lineage.log.Intervention.TaskCancelled;
import io.tessellate.lineage.log.Intervention.VersionComposed;
import io.tessellate.lineage.log.Intervention.VersionRolledBack;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent.AdapterCommitted;
import io.tessellate.lineage.log.RegistryEvent.AdapterRejected;
import io.tessellate.lineage.log.RegistryEvent.CommandRejected;
import io.tessellate.lineage.log.RegistryEvent.MaskReserved;
import io.tessellate.lineage.log.RegistryEvent.ModelParked;
import io.tessellate.lineage.log.RegistryEvent.ModelRegistered;
import io.tessellate.lineage.log.RegistryEvent.ModelResumed;
import io.tessellate.lineage.log.RegistryEvent.ReservationReleased;
import io.tessellate.lineage.log.RegistryEvent.VersionPassed;
import io.tessellate.lineage.log.RegistryEvent.VersionPromoted;
import io.tessellate.lineage.log.RegistryEvent.VersionQuarantined;
import io.tessellate.lineage.log.RegistryEventVisitor;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything the registry's log says about one model, in the order of the log, whether or not it makes sense: a fold that
 * refuses nothing, since that is what is examined.
 */
final class ModelHistory {
    private final String name;
    private final List<Placed<LoggedEvent>> events;
    private final List<ModelRegistered> registrations = new ArrayList<>();
    private final List<MaskReserved> reservations = new ArrayList<>();
    private final List<Commit> commits = new ArrayList<>();
    private final List<Version> versions = new ArrayList<>();
    private final List<AdapterRejected> rejections = new ArrayList<>();
    private final List<TaskCancelled> cancellations = new ArrayList<>();
    private @Nullable ModelParked parked;
    private int parent;

    ModelHistory(String name, List<Placed<LoggedEvent>> events) {
        this.name = name;
        this.events = List.copyOf(events);
        events.forEach(event -> event.value().event().accept(new Step(event)));
    }

    String name() {
        return name;
    }

    List<Placed<LoggedEvent>> events() {
        return events;
    }

    /** The registrations; a sound log has one. */
    List<ModelRegistered> registrations() {
        return registrations;
    }

    /** The first registration, if there was one. */
    Optional<ModelRegistered> registered() {
        return registrations.stream().findFirst();
    }

    /** Whether no weight may have two owners. */
    boolean exclusive() {
        return registered()
                .filter(model -> model.ownership() == Ownership.EXCLUSIVE)
                .isPresent();
    }

    /** What was granted under a token, if anything was. */
    Optional<MaskReserved> reservation(long token) {
        return reservations.stream()
                .filter(reserved -> reserved.token() == token)
                .findFirst();
    }

    /** The commits, in the order of the log. */
    List<Commit> commits() {
        return commits;
    }

    /** The versions, in the order of the log. */
    List<Version> versions() {
        return versions;
    }

    /** A version by the number that the log gives it; the last of several. */
    Optional<Version> version(int number) {
        return versions.stream().filter(version -> version.number() == number).reduce((earlier, later) -> later);
    }

    private List<Commit> holding(int number) {
        return version(number).map(Version::holds).orElse(List.of());
    }

    /** Adapters that were refused. */
    List<AdapterRejected> rejections() {
        return rejections;
    }

    /** Runs that a person ended. */
    List<TaskCancelled> cancellations() {
        return cancellations;
    }

    /** What explains that something of the model is not finished; empty if nothing does. */
    String excuse() {
        return parked == null
                ? ""
                : "; the model is parked: %s: %s".formatted(parked.code().name(), parked.reason());
    }

    /** What each variant adds; whether it adds anything. */
    private final class Step implements RegistryEventVisitor<Boolean> {
        private final Placed<LoggedEvent> place;

        Step(Placed<LoggedEvent> place) {
            this.place = place;
        }

        @Override
        public Boolean visit(ModelRegistered event) {
            registrations.add(event);
            return true;
        }

        @Override
        public Boolean visit(CommandRejected event) {
            return false;
        }

        @Override
        public Boolean visit(MaskReserved event) {
            reservations.add(event);
            return true;
        }

        @Override
        public Boolean visit(ReservationReleased event) {
            return false;
        }

        @Override
        public Boolean visit(AdapterCommitted event) {
            Commit commit = new Commit(name, place.with(event));
            List<Commit> before = holding(parent);
            commits.add(commit);
            List<Commit> holds = event.holds().isEmpty()
                    ? Stream.concat(before.stream(), Stream.of(commit)).toList()
                    : commits.stream()
                            .filter(other -> event.holds().contains(other.version()))
                            .toList();
            versions.add(new Version(name, event.version(), before, holds, event.certificate(), place, commit));
            parent = event.version();
            return true;
        }

        @Override
        public Boolean visit(VersionComposed event) {
            List<Commit> holds = commits.stream()
                    .filter(commit -> event.holds().contains(commit.version()))
                    .toList();
            versions.add(new Version(name, event.version(), holding(parent), holds, event.certificate(), place, null));
            parent = event.version();
            return true;
        }

        @Override
        public Boolean visit(ParentChanged event) {
            parent = event.version();
            return true;
        }

        @Override
        public Boolean visit(AdapterRejected event) {
            rejections.add(event);
            return true;
        }

        @Override
        public Boolean visit(VersionPromoted event) {
            return false;
        }

        @Override
        public Boolean visit(VersionPassed event) {
            return false;
        }

        @Override
        public Boolean visit(VersionQuarantined event) {
            return false;
        }

        @Override
        public Boolean visit(ModelParked event) {
            parked = event;
            return true;
        }

        @Override
        public Boolean visit(ModelResumed event) {
            parked = null;
            return true;
        }

        @Override
        public Boolean visit(VersionRolledBack event) {
            return false;
        }

        @Override
        public Boolean visit(TaskCancelled event) {
            cancellations.add(event);
            return true;
        }
    }
}
