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
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

final class ExampleReaderTest {
    private static final FieldMapping MAPPING = FieldMapping.newBuilder()
            .setId("review_id")
            .setText("body")
            .setLabel("stars")
            .setSplit("part")
            .build();

    private static TaskManifest.Builder manifest() {
        return TaskManifest.newBuilder().setModel("shop").setTask("reviews").setLabels(List.of("bad", "fair", "good"));
    }

    private static Example accepted(TaskManifest manifest, GenericRecord record) {
        Outcome outcome = new ExampleReader(ManifestCodec.fromAvro(manifest)).read(record);
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        return ((Outcome.Accepted) outcome).example();
    }

    private static Outcome.Refused refused(TaskManifest manifest, GenericRecord record) {
        Outcome outcome = new ExampleReader(ManifestCodec.fromAvro(manifest), 50).read(record);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return (Outcome.Refused) outcome;
    }

    private static GenericRecord review(String labelType, Object label) {
        return review(labelType, label, Map.of());
    }

    private static GenericRecord review(String labelType, Object label, Map<String, ?> others) {
        Map<String, Object> values = new HashMap<>();
        values.put("review_id", 17L);
        values.put("body", new Utf8("Nice shoes"));
        values.put("stars", label);
        values.put("part", new Utf8("train"));
        values.putAll(others);
        return Schemas.record(Schemas.review(labelType), values);
    }

    private static int classOf(String labelType, Object label) {
        return accepted(manifest().setFields(MAPPING).build(), review(labelType, label))
                .label()
                .classIndex();
    }

    @Test
    void aForeignRecordIsReadByTheManifestsFieldNames() {
        Example example = accepted(manifest().setFields(MAPPING).build(), review("\"string\"", new Utf8("good")));
        assertThat(example).isEqualTo(new Example("17", Split.TRAIN, "Nice shoes", null, new Label.ClassIndex(2)));
    }

    @Test
    void aClassMayBeGivenInManyWays() {
        Schema grade = new Schema.Parser()
                .parse("{\"type\":\"enum\",\"name\":\"Grade\",\"symbols\":[\"bad\",\"fair\",\"good\"]}");
        assertThat(classOf("\"int\"", 1)).isEqualTo(1);
        assertThat(classOf("\"long\"", 2L)).isEqualTo(2);
        assertThat(classOf("\"double\"", 2.0)).isEqualTo(2);
        assertThat(classOf("\"float\"", 1.0f)).isEqualTo(1);
        assertThat(classOf("\"boolean\"", true)).isEqualTo(1);
        assertThat(classOf("\"string\"", new Utf8("fair"))).isEqualTo(1);
        assertThat(classOf("\"string\"", new Utf8("2"))).isEqualTo(2);
        assertThat(classOf(grade.toString(), new GenericData.EnumSymbol(grade, "good")))
                .isEqualTo(2);
    }

    @Test
    void aLabelThatIsNoneIsRefused() {
        TaskManifest manifest = manifest().setFields(MAPPING).build();
        for (Object label : new Object[] {3, -1, Integer.MAX_VALUE}) {
            assertThat(refused(manifest, review("\"int\"", label)).code()).isEqualTo(ErrorCode.UNKNOWN_LABEL);
        }
        assertThat(refused(manifest, review("\"double\"", 0.5)).code()).isEqualTo(ErrorCode.UNKNOWN_LABEL);
        assertThat(refused(manifest, review("\"double\"", Double.NaN)).code()).isEqualTo(ErrorCode.UNKNOWN_LABEL);
        assertThat(refused(manifest, review("\"string\"", new Utf8("superb"))).reason())
                .isEqualTo("field 'stars' holds 'superb', which is none of the 3 labels 'bad', 'fair', 'good' nor a"
                        + " number from 0 to 2");
        assertThat(refused(manifest, review("\"bytes\"", java.nio.ByteBuffer.allocate(1)))
                        .code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
    }

    @Test
    void aRegressionValueMayBeAnyNumber() {
        TaskManifest manifest = manifest()
                .setObjective(Objective.REGRESSION)
                .setLabels(List.of())
                .setFields(MAPPING)
                .build();
        assertThat(accepted(manifest, review("\"double\"", -2.5)).label().value())
                .isEqualTo(-2.5);
        assertThat(accepted(manifest, review("\"int\"", 4)).label().value()).isEqualTo(4);
        assertThat(accepted(manifest, review("\"string\"", new Utf8("3.25")))
                        .label()
                        .value())
                .isEqualTo(3.25);
        assertThat(refused(manifest, review("\"double\"", Double.POSITIVE_INFINITY))
                        .code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refused(manifest, review("\"string\"", new Utf8("much"))).code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refused(manifest, review("\"boolean\"", true)).code()).isEqualTo(ErrorCode.INVALID_FIELD);
    }

    @Test
    void aMappedFieldThatIsMissingOrNullIsRefused() {
        FieldMapping pair =
                FieldMapping.newBuilder(MAPPING).setTextPair("answer").build();
        TaskManifest manifest = manifest().setFields(pair).build();
        assertThat(refused(manifest, review("\"int\"", 1)).reason())
                .isEqualTo("field 'answer' is null; the record has 'review_id', 'body', 'stars', 'part'");
        assertThat(accepted(manifest, review("\"int\"", 1, Map.of("answer", "Thanks")))
                        .textPair())
                .isEqualTo("Thanks");
        FieldMapping wrong = FieldMapping.newBuilder(MAPPING).setText("title").build();
        assertThat(refused(manifest().setFields(wrong).build(), review("\"int\"", 1))
                        .code())
                .isEqualTo(ErrorCode.MISSING_FIELD);
    }

    @Test
    void textsAreBounded() {
        TaskManifest manifest = manifest().setFields(MAPPING).build();
        assertThat(refused(manifest, review("\"int\"", 1, Map.of("body", "x".repeat(51))))
                        .code())
                .isEqualTo(ErrorCode.TEXT_TOO_LONG);
        assertThat(refused(manifest, review("\"int\"", 1, Map.of("body", " \t")))
                        .code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(new ExampleReader(ManifestCodec.fromAvro(manifest), 50)
                        .read(review("\"int\"", 1, Map.of("body", "x".repeat(50)))))
                .isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void splitsAreNamedByTextOrEnum() {
        TaskManifest manifest = manifest().setFields(MAPPING).build();
        Schema part =
                Schemas.review("\"int\"").getField("part").schema().getTypes().get(2);
        GenericRecord byEnum = review("\"int\"", 1, Map.of("part", new GenericData.EnumSymbol(part, "eval")));
        assertThat(accepted(manifest, byEnum).split()).isEqualTo(Split.EVAL);
        assertThat(accepted(manifest, review("\"int\"", 1, Map.of("part", "Eval")))
                        .split())
                .isEqualTo(Split.EVAL);
        assertThat(refused(manifest, review("\"int\"", 1, Map.of("part", "dev")))
                        .code())
                .isEqualTo(ErrorCode.UNKNOWN_SPLIT);
    }

    @Test
    void withoutASplitTheTextDecidesAndTheShareIsMet() {
        var reader = new ExampleReader(
                ManifestCodec.fromAvro(manifest().setEvalShare(0.25).build()));
        long eval = 0;
        for (int i = 0; i < 4000; i++) {
            TaskExample record = TaskExample.newBuilder()
                    .setId("id-" + i)
                    .setText("text " + i)
                    .setLabel(1L)
                    .build();
            Example example = ((Outcome.Accepted) reader.read(record)).example();
            record.setId("other");
            record.setLabel("bad");
            assertThat(((Outcome.Accepted) reader.read(record)).example().split())
                    .isEqualTo(example.split());
            eval += example.split() == Split.EVAL ? 1 : 0;
        }
        assertThat(eval).isBetween(900L, 1100L);
    }

    @Test
    void anExampleOfOurOwnTypeNeedsNoMapping() {
        TaskExample record = TaskExample.newBuilder()
                .setSplit("eval")
                .setText("a")
                .setTextPair("b")
                .setLabel("good")
                .build();
        assertThat(accepted(manifest().build(), record))
                .isEqualTo(new Example(null, Split.EVAL, "a", "b", new Label.ClassIndex(2)));
    }

    @Test
    void aGenerationExampleHasAPromptAndACompletion() {
        TaskManifest manifest = manifest()
                .setObjective(Objective.GENERATION)
                .setLabels(List.of())
                .build();
        TaskExample record = TaskExample.newBuilder()
                .setSplit("train")
                .setPrompt("Once upon")
                .setCompletion(" a time")
                .build();
        Example example = accepted(manifest, record);
        assertThat(example.prompt()).isEqualTo("Once upon");
        assertThat(example.label().completion()).isEqualTo(" a time");
        TaskManifest framed = TaskManifest.newBuilder(manifest)
                .setPromptTemplate("<{prompt}>")
                .build();
        assertThat(accepted(framed, record).prompt()).isEqualTo("<Once upon>");
        record.setCompletion(null);
        assertThat(refused(manifest, record).code()).isEqualTo(ErrorCode.MISSING_FIELD);
    }

    @Test
    void aMultipleChoiceExampleHasAPromptItsChoicesAndTheRightOne() {
        TaskManifest manifest = manifest()
                .setObjective(Objective.MULTIPLE_CHOICE)
                .setLabels(List.of())
                .build();
        TaskExample.Builder record = TaskExample.newBuilder()
                .setSplit("train")
                .setPrompt("Which is red?")
                .setChoices(List.of("grass", "blood"))
                .setLabel(1L);
        Example example = accepted(manifest, record.build());
        assertThat(example.prompt()).isEqualTo("Which is red?");
        assertThat(example.label()).isEqualTo(new Label.Choice(1, List.of("grass", "blood")));
        assertThat(accepted(manifest, record.setLabel("blood").build())).isEqualTo(example);

        assertThat(refused(manifest, record.setLabel(2L).build()).code()).isEqualTo(ErrorCode.UNKNOWN_LABEL);
        assertThat(refused(manifest, record.setLabel(null).build()).code()).isEqualTo(ErrorCode.MISSING_FIELD);
        record.setLabel(0L);
        assertThat(refused(manifest, record.setChoices(List.of("one")).build()).code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refused(manifest, record.setChoices(List.of("one", " ")).build())
                        .code())
                .isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refused(manifest, record.setChoices(null).build()).code()).isEqualTo(ErrorCode.MISSING_FIELD);
    }

    @Test
    void aGenerationExampleMeasuredByItsChoicesHasThemInsteadOfACompletion() {
        TaskManifest manifest = manifest()
                .setObjective(Objective.GENERATION)
                .setMetric("choice_likelihood")
                .setLabels(List.of())
                .build();
        TaskExample.Builder record = TaskExample.newBuilder()
                .setSplit("train")
                .setPrompt("Which is red?")
                .setChoices(List.of("grass", "blood"))
                .setLabel(1L);
        Label label = accepted(manifest, record.build()).label();
        assertThat(label.choices()).containsExactly("grass", "blood");
        assertThat(label.completion()).isEqualTo("blood");
        assertThat(refused(
                                manifest,
                                record.setChoices(null).setCompletion(" blood").build())
                        .code())
                .isEqualTo(ErrorCode.MISSING_FIELD);
    }

    @Test
    void aRecordOfSomethingElseIsRefusedNotFatal() {
        Schema other = new Schema.Parser().parse("""
                        {"type":"record","name":"Odd","fields":[
                          {"name":"text","type":{"type":"map","values":"int"}},{"name":"label","type":"long"}]}""");
        GenericRecord record = Schemas.record(other, Map.of("text", Map.of("a", 1), "label", 1L));
        assertThat(refused(manifest().build(), record).code()).isEqualTo(ErrorCode.INVALID_FIELD);
    }
}
