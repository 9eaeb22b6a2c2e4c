package io.tessellate.dataset.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.FieldMapping;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records within records, as change data capture and connectors write them, and shapes that are none of ours. */
final class NestedFieldsTest {
    private static final Schema ENVELOPE = new Schema.Parser().parse("""
            {"type":"record","name":"Envelope","namespace":"shop.reviews","fields":[
              {"name":"before","type":["null",{"type":"record","name":"Value","fields":[
                {"name":"nr","type":"long"},
                {"name":"body","type":["null","string"]},
                {"name":"stars","type":"int"},
                {"name":"part","type":"string"},
                {"name":"options","type":{"type":"array","items":"string"}}]}]},
              {"name":"after","type":["null","Value"]},
              {"name":"source","type":{"type":"map","values":"string"}},
              {"name":"op","type":"string"}]}""");

    private static GenericRecord change(@Nullable GenericRecord after) {
        GenericRecord change = new GenericData.Record(ENVELOPE);
        change.put("after", after);
        change.put(
                "source", Map.of(new Utf8("table"), new Utf8("reviews"), new Utf8("text.v2"), new Utf8("from a map")));
        change.put("op", new Utf8("c"));
        return change;
    }

    private static GenericRecord row() {
        GenericRecord row = new GenericData.Record(
                ENVELOPE.getField("before").schema().getTypes().get(1));
        row.put("nr", 7L);
        row.put("body", new Utf8("Nice shoes"));
        row.put("stars", 1);
        row.put("part", new Utf8("eval"));
        row.put("options", List.of(new Utf8("grass"), new Utf8("blood")));
        return row;
    }

    private static TaskManifest.Builder manifest(FieldMapping.Builder fields) {
        return TaskManifest.newBuilder()
                .setModel("shop")
                .setTask("reviews")
                .setLabels(List.of("bad", "good"))
                .setFields(fields.build());
    }

    private static FieldMapping.Builder after() {
        return FieldMapping.newBuilder()
                .setId("after.nr")
                .setText("after.body")
                .setLabel("after.stars")
                .setSplit("after.part");
    }

    private static Example accepted(TaskManifest.Builder manifest, GenericRecord record) {
        Outcome outcome = new ExampleReader(ManifestCodec.fromAvro(manifest.build())).read(record);
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        return ((Outcome.Accepted) outcome).example();
    }

    private static String missing(TaskManifest.Builder manifest, GenericRecord record) {
        Outcome outcome = new ExampleReader(ManifestCodec.fromAvro(manifest.build())).read(record);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class, no -> assertThat(no.code()).isEqualTo(ErrorCode.MISSING_FIELD));
        return ((Outcome.Refused) outcome).reason();
    }

    @Test
    void aChangeIsReadByTheWayToItsRow() {
        assertThat(accepted(manifest(after()), change(row())))
                .isEqualTo(new Example("7", Split.EVAL, "Nice shoes", null, new Label.ClassIndex(1)));
    }

    @Test
    void choicesAndPromptsMayLieDeepToo() {
        TaskManifest.Builder manifest = manifest(FieldMapping.newBuilder()
                        .setPrompt("after.body")
                        .setChoices("after.options")
                        .setLabel("after.stars")
                        .setSplit("after.part"))
                .setObjective(Objective.MULTIPLE_CHOICE)
                .setLabels(List.of());
        assertThat(accepted(manifest, change(row())).label()).isEqualTo(new Label.Choice(1, List.of("grass", "blood")));
    }

    @Test
    void aMapIsAWayAsARecordIs() {
        assertThat(accepted(manifest(after().setText("source.table")), change(row()))
                        .text())
                .isEqualTo("reviews");
    }

    @Test
    void aNameThatHasADotIsMeantBeforeAWay() {
        assertThat(accepted(manifest(after().setText("source.text.v2")), change(row()))
                        .text())
                .isEqualTo("from a map");
        Map<String, @Nullable Object> line = new HashMap<>();
        line.put("after", Map.of("body", "deep"));
        line.put("after.body", "flat");
        line.put("label", 1L);
        TaskManifest named =
                manifest(FieldMapping.newBuilder().setText("after.body")).build();
        assertThat(((Outcome.Accepted) new ExampleReader(ManifestCodec.fromAvro(named)).read(line, Split.TRAIN))
                        .example()
                        .text())
                .isEqualTo("flat");
    }

    @Test
    void whatIsMissingIsSaidWithWhatIsThere() {
        assertThat(missing(manifest(after().setText("after.text")), change(row())))
                .isEqualTo("field 'after.text' is missing; 'after' has 'nr', 'body', 'stars', 'part', 'options'");
        assertThat(missing(manifest(after().setText("body")), change(row())))
                .isEqualTo("field 'body' is missing; the record has 'after', 'source', 'op'");
        assertThat(missing(manifest(after()), change(null)))
                .isEqualTo("field 'after.body' is missing; the record has 'source', 'op'");
        GenericRecord empty = row();
        empty.put("body", null);
        assertThat(missing(manifest(after()), change(empty)))
                .isEqualTo("field 'after.body' is null; 'after' has 'nr', 'stars', 'part', 'options'");
        assertThat(missing(manifest(after().setText("op.body")), change(row())))
                .isEqualTo("field 'op.body' is missing; the record has 'after', 'source', 'op'");
    }

    @Test
    void ofManyFieldsAMessageListsAFew() {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        for (int i = 0; i < 500; i++) {
            line.put("column " + i, i);
        }
        Outcome outcome = new ExampleReader(ManifestCodec.fromAvro(TaskManifest.newBuilder()
                        .setModel("glue")
                        .setTask("stsb")
                        .setObjective(Objective.REGRESSION)
                        .build()))
                .read(line, Split.TRAIN);
        assertThat(((Outcome.Refused) outcome).reason())
                .startsWith("field 'text' is missing; the record has 'column 0', ")
                .endsWith("and 488 more");
    }

    @Test
    void aLineOfAFileIsSentAsARecordOfOurOwn() {
        Map<String, @Nullable Object> line =
                Map.of("after", Map.of("nr", 7L, "body", "Nice shoes", "stars", 1L, "part", "eval"), "op", "c");
        TaskManifest manifest = manifest(after()).build();
        TaskExample record = new FileRecords(ManifestCodec.fromAvro(manifest))
                .of(line, Split.TRAIN)
                .orElseThrow();
        TaskManifest own = TaskManifest.newBuilder(manifest).setFields(null).build();
        assertThat(new ExampleReader(ManifestCodec.fromAvro(own)).read(record))
                .isEqualTo(new ExampleReader(ManifestCodec.fromAvro(manifest)).read(line, Split.TRAIN));
        assertThat(record.getSplit()).isEqualTo("eval");
    }

    private static final String CHAT = "chat messages need a chat template in the manifest";

    static Stream<Arguments> shapes() {
        List<Map<String, String>> chat = List.of(Map.of("role", "user", "content", "hello"));
        return Stream.of(
                Arguments.of(
                        "text", List.of("a", "b"), "field 'text' is a list of texts (2), not a text: join the words"),
                Arguments.of(
                        "text", List.of(101L, 2054L), "is a list of numbers (2), not a text: write the text itself"),
                Arguments.of("text", List.of(), "is an empty list, not a text"),
                Arguments.of("text", List.of(List.of("a")), "is a list of lists (1), not a text"),
                Arguments.of("text", Map.of("en", "yes", "de", "ja"), ", not a text: write one language as prompt"),
                Arguments.of("text", chat, CHAT),
                Arguments.of("text", Map.of("body", "a"), "is an object with 'body', not a text"),
                Arguments.of(
                        "label",
                        List.of(0L, 1L),
                        "is a list of numbers (2), not a class name or number: an example has one"),
                Arguments.of(
                        "label",
                        List.of("bad", "good"),
                        "is a list of texts (2), not a class name or number: an example has"),
                Arguments.of(
                        "label", Map.of("id", 1L), "field 'label' is an object with 'id', not a class name or number"),
                Arguments.of("id", List.of(1L), "field 'id' is a list of numbers (1), not a text or a whole number"),
                Arguments.of("split", List.of("train"), "field 'split' is a list of texts (1), not 'train' or 'eval'"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aListOrAnObjectWhereOneValueIsDueIsSaidToBeThat(String field, Object value, String words) {
        Map<String, @Nullable Object> line = new HashMap<>(Map.of("text", "a", "label", "bad"));
        line.put(field, value);
        TaskManifest manifest = manifest(FieldMapping.newBuilder()).build();
        assertThat(new ExampleReader(ManifestCodec.fromAvro(manifest)).read(line, Split.TRAIN))
                .isInstanceOfSatisfying(Outcome.Refused.class, no -> {
                    assertThat(no.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                    assertThat(no.reason()).contains(words);
                });
        assertThat(new FileRecords(ManifestCodec.fromAvro(manifest)).of(line, Split.TRAIN))
                .isEmpty();
    }

    static Stream<Arguments> prompts() {
        List<Map<String, String>> chat = List.of(Map.of("role", "user", "content", "hello"));
        Map<String, Object> arc = new LinkedHashMap<>();
        arc.put("text", List.of("a leg", "bacteria"));
        arc.put("label", List.of("A", "B"));
        return Stream.of(
                Arguments.of(Map.of("prompt", chat, "completion", chat), "is a list of objects with "),
                Arguments.of(Map.of("prompt", chat, "completion", chat), CHAT),
                Arguments.of(Map.of("messages", chat), "is missing; the record has 'messages'; " + CHAT),
                Arguments.of(
                        Map.of(
                                "prompt",
                                "why?",
                                "completion",
                                Map.of("text", List.of("so"), "answer_start", List.of(3))),
                        "write one answer as the text"),
                Arguments.of(
                        Map.of("prompt", "why?", "choices", arc, "label", "B"),
                        "field 'choices' is an object with 'text', 'label', not a list of texts: write the texts of the choices"),
                Arguments.of(
                        Map.of("prompt", "why?", "choices", List.of(Map.of("text", "so", "label", "A")), "label", "A"),
                        "write the texts of the choices as a list"),
                Arguments.of(
                        Map.of("prompt", "why?", "choices", "a, b", "label", 1L), "is a text, not a list of texts"));
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void layoutsOfOtherDataSetsAreKnown(Map<String, @Nullable Object> line, String words) {
        boolean choices = line.containsKey("choices");
        TaskManifest manifest = manifest(FieldMapping.newBuilder())
                .setObjective(Objective.GENERATION)
                .setLabels(List.of())
                .setMetric(choices ? "choice_likelihood" : "exact_match")
                .build();
        assertThat(new ExampleReader(ManifestCodec.fromAvro(manifest)).read(line, Split.TRAIN))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class, no -> assertThat(no.reason()).contains(words));
    }

    @Test
    void aShapeInAFieldThatIsNotNeededHarmsNobody() {
        Map<String, @Nullable Object> line =
                Map.of("text", "a", "label", "bad", "choices", Map.of("x", 1L), "prompt", List.of());
        TaskManifest manifest = manifest(FieldMapping.newBuilder()).build();
        assertThat(new ExampleReader(ManifestCodec.fromAvro(manifest)).read(line, Split.TRAIN))
                .isInstanceOf(Outcome.Accepted.class);
        assertThat(new ExampleReader(ManifestCodec.fromAvro(manifest))
                        .read(new FileRecords(ManifestCodec.fromAvro(manifest))
                                .of(line, Split.TRAIN)
                                .orElseThrow()))
                .isEqualTo(new ExampleReader(ManifestCodec.fromAvro(manifest)).read(line, Split.TRAIN));
    }
}
