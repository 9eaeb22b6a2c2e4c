package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.BlobReference;
import io.tessellate.event.EarlierDataGone;
import io.tessellate.id.FileName;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Between the registry's log as values and as Avro. */
public final class RegistryEventCodec {
    private RegistryEventCodec() {}

    /** The Avro form of an event. */
    public static io.tessellate.event.RegistryEvent toAvro(LoggedEvent entry) {
        var avro = io.tessellate.event.RegistryEvent.newBuilder()
                .setModel(entry.model().value())
                .setSequence(entry.sequence())
                .setCommandId(entry.commandId())
                .setAt(entry.at());
        return entry.event().accept(new AvroWriter(avro)).build();
    }

    /**
     * The event an Avro record holds.
     *
     * @throws TessellateException UNDECODABLE if the record holds none, several, or a value out of its range
     */
    public static LoggedEvent fromAvro(io.tessellate.event.RegistryEvent avro) {
        try {
            return read(avro);
        } catch (TessellateException | IllegalArgumentException | NullPointerException e) {
            throw new TessellateException(
                    ErrorCode.UNDECODABLE,
                    "registry event %d of model %s cannot be read: %s"
                            .formatted(avro.getSequence(), avro.getModel(), e.getMessage()),
                    e);
        }
    }

    private static LoggedEvent read(io.tessellate.event.RegistryEvent avro) {
        Stream<@Nullable RegistryEvent> known = Stream.of(
                registered(avro.getModelRegistered()),
                commandRejected(avro.getCommandRejected()),
                reserved(avro.getMaskReserved()),
                released(avro.getReservationReleased()),
                committed(avro.getAdapterCommitted()),
                adapterRejected(avro.getAdapterRejected()),
                promoted(avro.getVersionPromoted()),
                passed(avro.getVersionPassed()),
                quarantined(avro.getVersionQuarantined()),
                parked(avro.getModelParked()),
                resumed(avro.getModelResumed()));
        List<RegistryEvent> set = Stream.concat(known.flatMap(Stream::ofNullable), InterventionCodec.read(avro))
                .toList();
        if (set.size() != 1) {
            throw new TessellateException(
                    ErrorCode.UNDECODABLE, "it must hold exactly one event, not %d".formatted(set.size()));
        }
        return new LoggedEvent(
                new ModelName(avro.getModel()), avro.getSequence(), avro.getCommandId(), avro.getAt(), set.get(0));
    }

    /** The Avro form of a reference to a stored file. */
    public static BlobReference toAvro(StoredFile file) {
        return new BlobReference(file.name(), file.sha256().hex(), file.bytes());
    }

    /** The stored file an Avro reference names; refuses a name that is not one segment of a path. */
    public static StoredFile fromAvro(BlobReference avro) {
        return new StoredFile(avro.getName(), new Sha256(avro.getSha256()), avro.getBytes());
    }

    /** The same out of the log. What is there has happened: a name that would be refused now is escaped, always the same way. */
    private static StoredFile logged(BlobReference avro) {
        return new StoredFile(FileName.escaped(avro.getName()).value(), new Sha256(avro.getSha256()), avro.getBytes());
    }

    /** The Avro form of a model's eligible tensors. */
    public static List<io.tessellate.event.EligibleTensor> toAvro(ParameterSpace space) {
        return space.tensors().stream()
                .map(tensor -> new io.tessellate.event.EligibleTensor(tensor.name(), tensor.rows(), tensor.columns()))
                .toList();
    }

    /** The parameter space of eligible tensors. */
    public static ParameterSpace space(List<io.tessellate.event.EligibleTensor> avro) {
        return new ParameterSpace(avro.stream()
                .map(tensor -> new EligibleTensor(tensor.getName(), tensor.getRows(), tensor.getColumns()))
                .toList());
    }

    private static @Nullable RegistryEvent registered(io.tessellate.event.@Nullable ModelRegistered avro) {
        return avro == null
                ? null
                : new RegistryEvent.ModelRegistered(
                        new Sha256(avro.getBaseDigest()),
                        avro.getFiles().stream().map(RegistryEventCodec::logged).toList(),
                        space(avro.getEligible()),
                        ownership(avro.getOwnership()),
                        avro.getForgettingBudget(),
                        avro.getPromoteUnmeasured(),
                        avro.getOrigin(),
                        rules(avro.getTaskBudgets(), avro.getSignificance(), avro.getFailedVersions()));
    }

    /** How the versions of a model are judged, out of a record of its registration. */
    public static VerdictRules rules(Map<String, Double> taskBudgets, @Nullable Double significance, String failed) {
        Map<TaskName, Double> budgets = new TreeMap<>();
        taskBudgets.forEach((task, budget) -> budgets.put(new TaskName(task), budget));
        return new VerdictRules(budgets, significance, FailedVersion.parse(failed));
    }

    static Map<String, Double> toAvro(Map<TaskName, Double> budgets) {
        Map<String, Double> avro = new TreeMap<>();
        budgets.forEach((task, budget) -> avro.put(task.value(), budget));
        return avro;
    }

    private static @Nullable RegistryEvent commandRejected(io.tessellate.event.@Nullable CommandRejected avro) {
        return avro == null
                ? null
                : new RegistryEvent.CommandRejected(
                        code(avro.getCode()),
                        avro.getMessage(),
                        avro.getTask() == null ? null : new TaskName(avro.getTask()),
                        avro.getRunId() == null ? null : new RunId(avro.getRunId()));
    }

    private static @Nullable RegistryEvent reserved(io.tessellate.event.@Nullable MaskReserved avro) {
        return avro == null
                ? null
                : new RegistryEvent.MaskReserved(
                        new TaskName(avro.getTask()),
                        new RunId(avro.getRunId()),
                        avro.getToken(),
                        avro.getParentVersion(),
                        avro.getBudget(),
                        avro.getMethod(),
                        avro.getLift() == null
                                ? null
                                : new ExpanderClass(
                                        avro.getLift(), avro.getLiftClass(), avro.getLiftSeed(), avro.getLiftShared()));
    }

    private static @Nullable RegistryEvent released(io.tessellate.event.@Nullable ReservationReleased avro) {
        return avro == null
                ? null
                : new RegistryEvent.ReservationReleased(
                        new TaskName(avro.getTask()), avro.getToken(), avro.getReason());
    }

    private static @Nullable RegistryEvent committed(io.tessellate.event.@Nullable AdapterCommitted avro) {
        return avro == null
                ? null
                : new RegistryEvent.AdapterCommitted(
                        new TaskName(avro.getTask()),
                        new RunId(avro.getRunId()),
                        avro.getToken(),
                        avro.getVersion(),
                        logged(avro.getAdapter()),
                        avro.getMethod(),
                        avro.getOwned(),
                        avro.getOverlap(),
                        avro.getRecipe(),
                        new Sha256(avro.getDatasetDigest()),
                        avro.getCertificate().stream()
                                .map(RegistryEventCodec::certified)
                                .toList(),
                        avro.getSpectra().stream()
                                .map(RegistryEventCodec::spectrum)
                                .toList(),
                        leftOut(avro.getLeftOut()),
                        RaceCodec.fromAvro(avro.getRace()),
                        avro.getHolds());
    }

    /** The earlier tasks that a run could not look back at. */
    public static List<LostTask> leftOut(List<EarlierDataGone> avro) {
        return avro.stream()
                .map(task -> new LostTask(new TaskName(task.getTask()), code(task.getCode()), task.getReason()))
                .toList();
    }

    private static TensorSpectrum spectrum(io.tessellate.event.TensorSpectrum avro) {
        return new TensorSpectrum(
                avro.getRows(),
                avro.getColumns(),
                avro.getTensors(),
                new SpectralCertificate(
                        avro.getSigma1(),
                        avro.getSigma2(),
                        avro.getBound(),
                        avro.getMinRowDegree(),
                        avro.getMaxRowDegree(),
                        avro.getMinColumnDegree(),
                        avro.getMaxColumnDegree(),
                        avro.getIsolatedRows(),
                        avro.getIsolatedColumns()));
    }

    static CertifiedTask certified(io.tessellate.event.CertifiedTask avro) {
        return new CertifiedTask(new TaskName(avro.getTask()), avro.getOwned(), new Sha256(avro.getSha256()));
    }

    private static @Nullable RegistryEvent adapterRejected(io.tessellate.event.@Nullable AdapterRejected avro) {
        return avro == null
                ? null
                : new RegistryEvent.AdapterRejected(
                        new TaskName(avro.getTask()),
                        new RunId(avro.getRunId()),
                        avro.getToken(),
                        code(avro.getCode()),
                        avro.getMessage());
    }

    private static @Nullable RegistryEvent promoted(io.tessellate.event.@Nullable VersionPromoted avro) {
        return avro == null
                ? null
                : new RegistryEvent.VersionPromoted(
                        avro.getVersion(), avro.getReason(), avro.getWho(), avro.getForced());
    }

    private static @Nullable RegistryEvent passed(io.tessellate.event.@Nullable VersionPassed avro) {
        return avro == null ? null : new RegistryEvent.VersionPassed(avro.getVersion(), avro.getReason());
    }

    private static @Nullable RegistryEvent quarantined(io.tessellate.event.@Nullable VersionQuarantined avro) {
        return avro == null
                ? null
                : new RegistryEvent.VersionQuarantined(
                        avro.getVersion(),
                        new TaskName(avro.getTask()),
                        avro.getDrop(),
                        avro.getBudget(),
                        code(avro.getCode()),
                        avro.getReason());
    }

    private static @Nullable RegistryEvent parked(io.tessellate.event.@Nullable ModelParked avro) {
        return avro == null
                ? null
                : new RegistryEvent.ModelParked(
                        code(avro.getCode()),
                        avro.getReason(),
                        avro.getTask() == null ? null : new TaskName(avro.getTask()),
                        avro.getVersion(),
                        avro.getPath());
    }

    private static @Nullable RegistryEvent resumed(io.tessellate.event.@Nullable ModelResumed avro) {
        return avro == null ? null : new RegistryEvent.ModelResumed(avro.getWho(), avro.getWhy());
    }

    /** What topics call an ownership. */
    static io.tessellate.event.Ownership toAvro(Ownership ownership) {
        return switch (ownership) {
            case EXCLUSIVE -> io.tessellate.event.Ownership.EXCLUSIVE;
            case SHARED -> io.tessellate.event.Ownership.SHARED;
        };
    }

    /** The ownership that topics call so. */
    public static Ownership ownership(io.tessellate.event.Ownership avro) {
        return switch (avro) {
            case EXCLUSIVE -> Ownership.EXCLUSIVE;
            case SHARED -> Ownership.SHARED;
        };
    }

    /** A code a newer writer may have added reads as a defect; the message still says what happened. */
    public static ErrorCode code(String name) {
        return ErrorCode.named(name).orElse(ErrorCode.DEFECT);
    }
}
