package io.tessellate.dataset.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.manifest.ManifestValidation;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.FieldMapping;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes whose names are numbers, truth values, or neither, and the labels that mean them, in records and in files. */
final class ClassLabelsTest {
    private static final FieldMapping MAPPING = FieldMapping.newBuilder()
            .setId("review_id")
            .setText("body")
            .setLabel("stars")
            .setSplit("part")
            .build();

    private static TaskManifest manifest(String... labels) {
        return TaskManifest.newBuilder()
                .setModel("shop")
                .setTask("reviews")
                .setLabels(List.of(labels))
                .build();
    }

    private static Outcome inAvro(TaskManifest manifest, String type, Object label) {
        Map<String, Object> values = new HashMap<>();
        values.put("review_id", 17L);
        values.put("body", new Utf8("Nice shoes"));
        values.put("stars", label);
        values.put("part", new Utf8("train"));
        GenericRecord record = Schemas.record(Schemas.review(type), values);
        return new ExampleReader(ManifestCodec.fromAvro(
                        TaskManifest.newBuilder(manifest).setFields(MAPPING).build()))
                .read(record);
    }

    private static Map<String, @Nullable Object> line(@Nullable Object label) {
        Map<String, @Nullable Object> line = new HashMap<>();
        line.put("text", "Nice shoes");
        line.put("label", label);
        return line;
    }

    private static Outcome inFile(TaskManifest manifest, @Nullable Object label) {
        return new ExampleReader(ManifestCodec.fromAvro(manifest)).read(line(label), Split.TRAIN);
    }

    /** A file's line as push sends it. */
    private static Outcome sent(TaskManifest manifest, @Nullable Object label) {
        TaskExample record = new FileRecords(ManifestCodec.fromAvro(manifest))
                .of(line(label), Split.TRAIN)
                .orElseThrow();
        return new ExampleReader(ManifestCodec.fromAvro(manifest)).read(record);
    }

    private static void assertClass(Outcome outcome, int index) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Accepted.class,
                        accepted -> assertThat(accepted.example().label()).isEqualTo(new Label.ClassIndex(index)));
    }

    private static String reason(Outcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class, no -> assertThat(no.code()).isEqualTo(ErrorCode.UNKNOWN_LABEL));
        return ((Outcome.Refused) outcome).reason();
    }

    private static String[] names(String... names) {
        return names;
    }

    static Stream<Arguments> meanings() {
        String[] stars = names("1", "2", "3", "4", "5");
        String[] signs = names("-1", "0", "1");
        String[] tweets = names("0", "4");
        String[] reversed = names("1", "0");
        String[] plain = names("bad", "fair", "good");
        return Stream.of(
                Arguments.of(stars, "\"int\"", 1, 0),
                Arguments.of(stars, "\"long\"", 5L, 4),
                Arguments.of(stars, "\"double\"", 5.0, 4),
                Arguments.of(stars, "\"float\"", 2.0f, 1),
                Arguments.of(stars, "\"string\"", new Utf8("5"), 4),
                Arguments.of(stars, "\"string\"", new Utf8(" 5.0 "), 4),
                Arguments.of(signs, "\"int\"", -1, 0),
                Arguments.of(signs, "\"int\"", 0, 1),
                Arguments.of(signs, "\"double\"", -0.0, 1),
                Arguments.of(tweets, "\"int\"", 4, 1),
                Arguments.of(reversed, "\"int\"", 0, 1),
                Arguments.of(reversed, "\"int\"", 1, 0),
                Arguments.of(reversed, "\"string\"", new Utf8("1"), 0),
                Arguments.of(reversed, "\"boolean\"", true, 0),
                Arguments.of(names("01", "02"), "\"int\"", 2, 1),
                Arguments.of(names("0.5", "1.0"), "\"double\"", 0.5, 0),
                Arguments.of(names("0.5", "1.0"), "\"int\"", 1, 1),
                Arguments.of(names("1", "01"), "\"string\"", new Utf8("01"), 1),
                Arguments.of(names("2019", "2020", "other"), "\"int\"", 2020, 1),
                Arguments.of(names("2019", "2020", "other"), "\"string\"", new Utf8("other"), 2),
                Arguments.of(plain, "\"int\"", 1, 1),
                Arguments.of(plain, "\"double\"", 1.0, 1),
                Arguments.of(plain, "\"string\"", new Utf8("1"), 1),
                Arguments.of(plain, "\"boolean\"", true, 1),
                Arguments.of(plain, "\"boolean\"", false, 0),
                Arguments.of(names("true", "false"), "\"boolean\"", true, 0),
                Arguments.of(names("True", "False"), "\"boolean\"", true, 0),
                Arguments.of(names("True", "False"), "\"boolean\"", false, 1),
                Arguments.of(names("maybe", "false", "true"), "\"boolean\"", true, 2));
    }

    @ParameterizedTest
    @MethodSource("meanings")
    void aLabelIsTheClassOfItsNameWhateverItsType(String[] names, String type, Object label, int index) {
        TaskManifest manifest = manifest(names);
        assertClass(inAvro(manifest, type, label), index);
        Object written = label instanceof Integer whole
                ? (Object) whole.longValue()
                : label instanceof Float real ? (Object) real.doubleValue() : label;
        written = written instanceof Utf8 ? written.toString() : written;
        assertClass(inFile(manifest, written), index);
        assertClass(sent(manifest, written), index);
    }

    static Stream<Arguments> refusals() {
        String[] stars = names("1", "2", "3", "4", "5");
        String[] plain = names("bad", "fair", "good");
        return Stream.of(
                Arguments.of(
                        stars,
                        0L,
                        "which is none of the 5 labels '1', '2', '3', '4', '5': where labels are numbers, a"
                                + " number is a label and not a position"),
                Arguments.of(stars, 6L, "which is none of the 5 labels '1', '2', '3', '4', '5'"),
                Arguments.of(stars, 1.5, "which is none of the 5 labels"),
                Arguments.of(names("0", "4"), 1L, "a number is a label and not a position"),
                Arguments.of(names("2019", "other"), 1L, "which is none of the 2 labels '2019', 'other'"),
                Arguments.of(names("1", "01"), 1.0, "which is none of the 2 labels"),
                Arguments.of(plain, 3L, "nor a number from 0 to 2: counting begins at 0"),
                Arguments.of(
                        plain, -1L, "nor a number from 0 to 2: -1 often marks an example whose label is kept back"),
                Arguments.of(plain, "-1", "nor a number from 0 to 2: -1 often marks"),
                Arguments.of(plain, 0.5, "'0.5', which is none of the 3 labels"),
                Arguments.of(plain, new BigInteger("123456789012345678901"), "'123456789012345678901', which is none"),
                Arguments.of(plain, "superb", "'superb', which is none of the 3 labels 'bad', 'fair', 'good'"),
                Arguments.of(names("true", "maybe"), false, "'false', which is none of the 2 labels 'true', 'maybe'"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aLabelThatIsNoneIsRefusedWithAReasonThatIsTrue(String[] names, Object label, String words) {
        assertThat(reason(inFile(manifest(names), label))).contains(words);
        assertThat(reason(sent(manifest(names), label))).contains(words);
    }

    @Test
    void ofManyLabelsAMessageListsAFew() {
        String[] many =
                Stream.iterate(0, i -> i + 1).limit(150).map(i -> "class " + i).toArray(String[]::new);
        assertThat(reason(inFile(manifest(many), "other")))
                .contains("none of the 150 labels 'class 0'")
                .contains("and 138 more")
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"other,0,1", "0,1,other", "negative,1", "1,0,true", "1.0,bad,good", "x,+2,y"})
    void namesOfWhichSomeCouldBePositionsAreAmbiguous(String labels) {
        assertThat(ManifestValidation.problems(manifest(labels.split(","))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                .satisfies(problem -> assertThat(problem.message()).startsWith("labels are ambiguous: ["));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1,0", "1,2,3,4,5", "-1,0,1", "0,4", "2019,2020,other", "3D,2D", "1 star,2 stars", "-1,bad,good"
            })
    void namesThatAreClearAreSound(String labels) {
        assertThat(ManifestValidation.problems(manifest(labels.split(",")))).isEmpty();
    }

    @Test
    void theSameLabelsHaveTheSameDigestHoweverTheyAreWritten() {
        TaskManifest manifest = manifest("1", "0");
        byte[] expected = digest(inAvro(manifest, "\"string\"", new Utf8("0")));
        assertThat(digest(inAvro(manifest, "\"int\"", 0))).isEqualTo(expected);
        assertThat(digest(inAvro(manifest, "\"double\"", 0.0))).isEqualTo(expected);
        assertThat(digest(inAvro(manifest, "\"boolean\"", false))).isEqualTo(expected);
        assertThat(digest(inFile(manifest, 0L))).isEqualTo(expected);
        assertThat(digest(sent(manifest, false))).isEqualTo(expected);
        assertThat(Arrays.equals(digest(inAvro(manifest, "\"int\"", 1)), expected))
                .isFalse();
    }

    private static byte[] digest(Outcome outcome) {
        return new ExampleDigest().of(((Outcome.Accepted) outcome).example());
    }

    @Test
    void aFilesLabelNameStandsInForALabelThatIsNotThere() {
        Map<String, @Nullable Object> line = line(null);
        line.put("label_name", "good");
        TaskManifest manifest = manifest("bad", "good");
        assertClass(new ExampleReader(ManifestCodec.fromAvro(manifest)).read(line, Split.TRAIN), 1);
        assertClass(
                new ExampleReader(ManifestCodec.fromAvro(manifest))
                        .read(new FileRecords(ManifestCodec.fromAvro(manifest))
                                .of(line, Split.TRAIN)
                                .orElseThrow()),
                1);
    }

    private static ExampleReader choices() {
        return new ExampleReader(ManifestCodec.fromAvro(TaskManifest.newBuilder()
                .setModel("glue")
                .setTask("arc")
                .setObjective(Objective.MULTIPLE_CHOICE)
                .build()));
    }

    @Test
    void aLetterOfAChoiceIsAnsweredWithItsNumber() {
        Map<String, @Nullable Object> line =
                Map.of("prompt", "Which is red?", "choices", List.of("grass", "blood"), "label", "B");
        Outcome outcome = choices().read(line, Split.TRAIN);
        assertThat(reason(outcome))
                .isEqualTo("field 'label' holds 'B', which is none of the 2 choices nor a number from 0 to 1:"
                        + " for 'B' write 1");
    }

    @Test
    void aNumberIsAChoicesPositionEvenWhereChoicesAreNumbers() {
        Map<String, @Nullable Object> line =
                Map.of("prompt", "2 + 2?", "choices", List.of("3", "4", "2", "1"), "label", 1L);
        Outcome outcome = choices().read(line, Split.TRAIN);
        assertThat(((Outcome.Accepted) outcome).example().label().classIndex()).isEqualTo(1);
    }
}
