package io.tessellate.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.id.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events are read by what was built before and after. The schemas of the last release are kept in {@code released/}; at a
 * release {@code -Dtessellate.freeze=true} writes them anew.
 */
final class SchemaEvolutionTest {
    private static final Path RELEASED = Path.of("src/test/resources/released");

    static Stream<Topic<?>> topics() {
        var catalogue = new TopicCatalogue(TopicNames.DEFAULT);
        return Stream.concat(
                catalogue.all().stream().filter(Topic::hasSchema),
                Stream.of(catalogue.task(TaskId.parse("model/task"))));
    }

    private static Schema released(Topic<?> topic) throws IOException {
        String name = topic.valueType().getSimpleName() + ".avsc";
        if (Boolean.getBoolean("tessellate.freeze")) {
            Schema current = Subjects.schemaOf(topic.valueType());
            Files.writeString(
                    RELEASED.resolve(name),
                    SchemaFormatter.getInstance("json/pretty").format(current) + "\n");
            return current;
        }
        try (InputStream in =
                Objects.requireNonNull(SchemaEvolutionTest.class.getResourceAsStream("/released/" + name), name)) {
            return new Schema.Parser().parse(new String(in.readAllBytes(), UTF_8));
        }
    }

    private static void assertReads(Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        assertThat(result.getType()).as(result.getDescription()).isEqualTo(COMPATIBLE);
    }

    @ParameterizedTest
    @MethodSource("topics")
    void whatTheLastReleaseWroteIsStillRead(Topic<?> topic) throws IOException {
        assertReads(Subjects.schemaOf(topic.valueType()), released(topic));
    }

    @ParameterizedTest
    @MethodSource("topics")
    void theLastReleaseReadsWhatIsWrittenToControlTopics(Topic<?> topic) throws IOException {
        if (topic.compatibility() == Compatibility.FULL) {
            assertReads(released(topic), Subjects.schemaOf(topic.valueType()));
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void everyTypeAndFieldSaysWhatItIs(Topic<?> topic) {
        assertDocumented(Subjects.schemaOf(topic.valueType()), new HashSet<>());
    }

    private static void assertDocumented(Schema schema, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    assertThat(schema.getDoc()).as(schema.getFullName()).isNotBlank();
                    for (Schema.Field field : schema.getFields()) {
                        assertThat(field.doc())
                                .as(schema.getFullName() + "." + field.name())
                                .isNotBlank();
                        assertDocumented(field.schema(), seen);
                    }
                }
            }
            case ENUM -> assertThat(schema.getDoc()).as(schema.getFullName()).isNotBlank();
            case ARRAY -> assertDocumented(schema.getElementType(), seen);
            case MAP -> assertDocumented(schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(type -> assertDocumented(type, seen));
            default -> assertThat(schema.getType()).isNotEqualTo(Schema.Type.FIXED);
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void schemasCarryNothingThatOnlyJavaKnows(Topic<?> topic) {
        assertThat(Subjects.schemaOf(topic.valueType()).toString()).doesNotContain("avro.java");
    }

    @Test
    void everyEnumOfAControlTopicHasADefaultSoThatSymbolsCanBeAdded() {
        Set<String> seen = new HashSet<>();
        topics().forEach(topic -> assertEnumDefaults(Subjects.schemaOf(topic.valueType()), seen));
    }

    private static void assertEnumDefaults(Schema schema, Set<String> seen) {
        List<Schema> parts = switch (schema.getType()) {
            case RECORD ->
                seen.add(schema.getFullName())
                        ? schema.getFields().stream().map(Schema.Field::schema).toList()
                        : List.of();
            case ARRAY -> List.of(schema.getElementType());
            case MAP -> List.of(schema.getValueType());
            case UNION -> schema.getTypes();
            default -> List.of();
        };
        if (schema.getType() == Schema.Type.ENUM) {
            assertThat(schema.getEnumDefault()).as(schema.getFullName()).isNotNull();
        }
        parts.forEach(part -> assertEnumDefaults(part, seen));
    }
}
