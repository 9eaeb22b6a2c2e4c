package io.tessellate.lineage.log;

import io.tessellate.event.RegistryEvent.Builder;
import io.tessellate.mask.grant.ExpanderClass;

/** Sets the one variant of an Avro registry event. */
final class AvroWriter implements RegistryEventVisitor<Builder> {
    private final Builder avro;

    AvroWriter(Builder avro) {
        this.avro = avro;
    }

    @Override
    public Builder visit(RegistryEvent.ModelRegistered event) {
        return avro.setModelRegistered(io.tessellate.event.ModelRegistered.newBuilder()
                .setBaseDigest(event.baseDigest().hex())
                .setFiles(event.files().stream().map(RegistryEventCodec::toAvro).toList())
                .setEligible(RegistryEventCodec.toAvro(event.space()))
                .setOwnership(RegistryEventCodec.toAvro(event.ownership()))
                .setForgettingBudget(event.forgettingBudget())
                .setPromoteUnmeasured(event.promoteUnmeasured())
                .setOrigin(event.origin())
                .setTaskBudgets(RegistryEventCodec.toAvro(event.rules().taskBudgets()))
                .setSignificance(event.rules().significance())
                .setFailedVersions(event.rules().failed().label())
                .build());
    }

    @Override
    public Builder visit(RegistryEvent.CommandRejected event) {
        return avro.setCommandRejected(io.tessellate.event.CommandRejected.newBuilder()
                .setCode(event.code().name())
                .setMessage(event.message())
                .setTask(event.task() == null ? null : event.task().value())
                .setRunId(event.run() == null ? null : event.run().value())
                .build());
    }

    @Override
    public Builder visit(RegistryEvent.MaskReserved event) {
        ExpanderClass lift = event.lift();
        return avro.setMaskReserved(io.tessellate.event.MaskReserved.newBuilder()
                .setTask(event.task().value())
                .setRunId(event.run().value())
                .setToken(event.token())
                .setParentVersion(event.parentVersion())
                .setBudget(event.budget())
                .setMethod(event.method())
                .setLift(lift == null ? null : lift.lift())
                .setLiftClass(lift == null ? null : lift.index())
                .setLiftSeed(lift == null ? null : lift.seed())
                .setLiftShared(lift != null && lift.shared())
                .build());
    }

    @Override
    public Builder visit(RegistryEvent.ReservationReleased event) {
        return avro.setReservationReleased(io.tessellate.event.ReservationReleased.newBuilder()
                .setTask(event.task().value())
                .setToken(event.token())
                .setReason(event.reason())
                .build());
    }

    @Override
    public Builder visit(RegistryEvent.AdapterCommitted event) {
        return avro.setAdapterCommitted(io.tessellate.event.AdapterCommitted.newBuilder()
                .setTask(event.task().value())
                .setRunId(event.run().value())
                .setToken(event.token())
                .setVersion(event.version())
                .setAdapter(RegistryEventCodec.toAvro(event.adapter()))
                .setMethod(event.method())
                .setOwned(event.owned())
                .setOverlap(event.overlap())
                .setRecipe(event.recipe())
                .setDatasetDigest(event.datasetDigest().hex())
                .setCertificate(
                        event.certificate().stream().map(AvroWriter::certified).toList())
                .setSpectra(event.spectra().stream().map(AvroWriter::spectrum).toList())
                .setLeftOut(event.leftOut().stream()
                        .map(task -> new io.tessellate.event.EarlierDataGone(
                                task.task().value(), task.code().name(), task.reason()))
                        .toList())
                .setRace(event.race().map(RaceCodec::toAvro).orElse(null))
                .setHolds(event.holds())
                .build());
    }

    @Override
    public Builder visit(Intervention.VersionComposed event) {
        return avro.setVersionComposed(io.tessellate.event.VersionComposed.newBuilder()
                .setVersion(event.version())
                .setHolds(event.holds())
                .setWithout(event.without() == null ? null : event.without().value())
                .setCertificate(
                        event.certificate().stream().map(AvroWriter::certified).toList())
                .setWho(event.who())
                .setWhy(event.why())
                .build());
    }

    @Override
    public Builder visit(Intervention.ParentChanged event) {
        return avro.setParentChanged(io.tessellate.event.ParentChanged.newBuilder()
                .setVersion(event.version())
                .setCause(event.cause().name())
                .setWho(event.who())
                .setWhy(event.why())
                .build());
    }

    private static io.tessellate.event.TensorSpectrum spectrum(TensorSpectrum of) {
        return new io.tessellate.event.TensorSpectrum(
                of.rows(),
                of.columns(),
                of.tensors(),
                of.worst().sigma1(),
                of.worst().sigma2(),
                of.worst().bound(),
                of.worst().minRowDegree(),
                of.worst().maxRowDegree(),
                of.worst().minColumnDegree(),
                of.worst().maxColumnDegree(),
                of.worst().isolatedRows(),
                of.worst().isolatedColumns());
    }

    private static io.tessellate.event.CertifiedTask certified(CertifiedTask entry) {
        return new io.tessellate.event.CertifiedTask(
                entry.task().value(), entry.owned(), entry.sha256().hex());
    }

    @Override
    public Builder visit(RegistryEvent.AdapterRejected event) {
        return avro.setAdapterRejected(io.tessellate.event.AdapterRejected.newBuilder()
                .setTask(event.task().value())
                .setRunId(event.run().value())
                .setToken(event.token())
                .setCode(event.code().name())
                .setMessage(event.message())
                .build());
    }

    @Override
    public Builder visit(RegistryEvent.VersionPromoted event) {
        return avro.setVersionPromoted(
                new io.tessellate.event.VersionPromoted(event.version(), event.reason(), event.who(), event.forced()));
    }

    @Override
    public Builder visit(RegistryEvent.VersionPassed event) {
        return avro.setVersionPassed(new io.tessellate.event.VersionPassed(event.version(), event.reason()));
    }

    @Override
    public Builder visit(RegistryEvent.VersionQuarantined event) {
        return avro.setVersionQuarantined(io.tessellate.event.VersionQuarantined.newBuilder()
                .setVersion(event.version())
                .setTask(event.task().value())
                .setDrop(event.drop())
                .setBudget(event.budget())
                .setCode(event.code().name())
                .setReason(event.reason())
                .build());
    }

    @Override
    public Builder visit(RegistryEvent.ModelParked event) {
        return avro.setModelParked(io.tessellate.event.ModelParked.newBuilder()
                .setCode(event.code().name())
                .setReason(event.reason())
                .setTask(event.task() == null ? null : event.task().value())
                .setVersion(event.version())
                .setPath(event.path())
                .build());
    }

    @Override
    public Builder visit(RegistryEvent.ModelResumed event) {
        return avro.setModelResumed(new io.tessellate.event.ModelResumed(event.who(), event.why()));
    }

    @Override
    public Builder visit(Intervention.VersionRolledBack event) {
        return avro.setVersionRolledBack(new io.tessellate.event.VersionRolledBack(
                event.version(), event.from(), event.forced(), event.who(), event.why()));
    }

    @Override
    public Builder visit(Intervention.TaskCancelled event) {
        return avro.setTaskCancelled(new io.tessellate.event.TaskCancelled(
                event.task().value(), event.run().value(), event.who(), event.why()));
    }
}
