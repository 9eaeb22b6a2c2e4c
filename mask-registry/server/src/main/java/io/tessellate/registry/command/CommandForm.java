package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Author;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One kind of command that may be asked: where it lies in a record of the command topic, and how it is read.
 *
 * @param part the record's field that is set when it is this kind
 * @param reading the command the field holds; what breaks a rule of a value may throw
 * @param origin whom a field is about that cannot be read
 * @param <A> Avro class of the field
 */
record CommandForm<A>(
        Function<io.tessellate.event.RegistryCommand, @Nullable A> part,
        Function<A, RegistryCommand> reading,
        Function<A, UnreadableCommand.Origin> origin) {
    /** Every kind there is; a command that is added has its line here. */
    private static final List<CommandForm<?>> ALL = List.of(
            of(io.tessellate.event.RegistryCommand::getRegisterModel, RegisterModel::read),
            new CommandForm<>(
                    io.tessellate.event.RegistryCommand::getReserveMask,
                    ReserveMask::read,
                    asked -> new UnreadableCommand.Origin(asked.getTask(), asked.getRunId(), null)),
            of(
                    io.tessellate.event.RegistryCommand::getReleaseReservation,
                    asked ->
                            new ReleaseReservation(new TaskName(asked.getTask()), asked.getToken(), asked.getReason())),
            of(
                    io.tessellate.event.RegistryCommand::getResumeModel,
                    asked -> new ResumeModel(asked.getWho(), asked.getWhy())),
            of(
                    io.tessellate.event.RegistryCommand::getPromoteVersion,
                    asked -> new ChampionChange(
                            ChampionChange.Direction.FORWARD,
                            asked.getVersion(),
                            asked.getForce(),
                            new Author(asked.getWho(), asked.getWhy()))),
            of(
                    io.tessellate.event.RegistryCommand::getRollBackVersion,
                    asked -> new ChampionChange(
                            ChampionChange.Direction.BACK,
                            asked.getVersion(),
                            asked.getForce(),
                            new Author(asked.getWho(), asked.getWhy()))),
            of(
                    io.tessellate.event.RegistryCommand::getDropTask,
                    asked -> new DropTask(new TaskName(asked.getTask()), new Author(asked.getWho(), asked.getWhy()))),
            new CommandForm<>(
                    io.tessellate.event.RegistryCommand::getCancelTask,
                    asked -> new CancelTask(
                            new TaskName(asked.getTask()),
                            new RunId(asked.getRunId()),
                            new Author(asked.getWho(), asked.getWhy())),
                    asked -> new UnreadableCommand.Origin(asked.getTask(), asked.getRunId(), null)));

    private static <A> CommandForm<A> of(
            Function<io.tessellate.event.RegistryCommand, @Nullable A> part, Function<A, RegistryCommand> reading) {
        return new CommandForm<>(part, reading, asked -> UnreadableCommand.Origin.UNKNOWN);
    }

    /** The one command of a record; {@link UnreadableCommand} if it holds none, several, or a value out of its range. */
    static RegistryCommand read(io.tessellate.event.RegistryCommand avro) {
        List<RegistryCommand> set =
                ALL.stream().flatMap(form -> form.command(avro).stream()).collect(Collectors.toList());
        return set.size() == 1
                ? set.get(0)
                : UnreadableCommand.because(
                        new TessellateException(
                                ErrorCode.UNDECODABLE,
                                "command %s must hold exactly one command, not %d"
                                        .formatted(avro.getCommandId(), set.size())),
                        UnreadableCommand.Origin.UNKNOWN);
    }

    private Optional<RegistryCommand> command(io.tessellate.event.RegistryCommand avro) {
        return Optional.ofNullable(part.apply(avro))
                .map(asked -> UnreadableCommand.unless(() -> reading.apply(asked), () -> origin.apply(asked)));
    }
}
