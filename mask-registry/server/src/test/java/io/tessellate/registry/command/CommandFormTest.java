package io.tessellate.registry.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.RegistryCommand;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CommandFormTest {
    /** The fields of the schema that each stand for a kind of command. */
    static Stream<Schema.Field> kinds() {
        return RegistryCommand.getClassSchema().getFields().stream()
                .filter(field -> field.schema().getType() == Schema.Type.UNION);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindThatTheSchemaKnowsIsRead(Schema.Field kind) {
        List<Schema> members = kind.schema().getTypes();
        RegistryCommand command = RegistryCommand.newBuilder()
                .setCommandId("one")
                .setModel("glue")
                .setAt(Instant.EPOCH)
                .build();
        command.put(kind.pos(), SpecificData.get().newRecord(null, members.get(members.size() - 1)));

        assertThat(CommandForm.read(command))
                .as("a command that has no line in CommandForm reads as none")
                .matches(read -> !(read instanceof UnreadableCommand none) || none.code() != ErrorCode.UNDECODABLE);
    }
}
