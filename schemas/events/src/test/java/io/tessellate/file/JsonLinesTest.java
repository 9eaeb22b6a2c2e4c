package io.tessellate.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonLinesTest {
    /** Words of the libraries underneath; a user never reads them. */
    private static final String[] LIBRARY_WORDS = {
        "Source:", "REDACTED", "Feature", "Input length", "token", "com.fasterxml", "StreamRead", "Exception"
    };

    @TempDir
    private Path directory;

    private List<Map<String, Object>> read(byte[] bytes) {
        List<Map<String, Object>> objects = new ArrayList<>();
        JsonLines.read(file(bytes), (line, fields) -> objects.add(fields));
        return objects;
    }

    private Path file(byte[] bytes) {
        try {
            return Files.write(directory.resolve("train.jsonl"), bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void refused(byte[] bytes, String... words) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_FILE))
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith(directory.resolve("train.jsonl").toString())
                        .contains(words)
                        .doesNotContain(LIBRARY_WORDS));
    }

    @Test
    void fieldsAreReadAsWhatTheyAre() {
        assertThat(
                        read("{\"a\":1,\"b\":2.5,\"c\":[\"x\",null],\"d\":{\"e\":true},\"f\":null,\"g\":12345678901234567890}"
                                        .getBytes(UTF_8))
                                .get(0)
                                .toString())
                .isEqualTo("{a=1, b=2.5, c=[x, null], d={e=true}, f=null, g=12345678901234567890}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", "\n\n", "\n \t\n", "\r\n\r\n"})
    void anyLineEndWillDoAndTheLastMayBeMissing(String end) {
        assertThat(read(("{\"a\":1}" + end + "{\"a\":2}").getBytes(UTF_8))).hasSize(2);
        assertThat(read(("{\"a\":1}" + end + "{\"a\":2}" + end).getBytes(UTF_8)))
                .hasSize(2);
    }

    @Test
    void blankLinesAreCounted() {
        Path file = file("\n{\"a\":1}\n\n  \n{\"a\":2}\n".getBytes(UTF_8));
        assertThat(JsonLines.read(file, (line, fields) -> assertThat(line).isIn(2, 5)))
                .isEqualTo(3);
    }

    @Test
    void aLineSeparatorWithinATextIsNoLineEnd() {
        assertThat(read("{\"a\":\"x\u2028y\u0085z\"}\n".getBytes(UTF_8)).get(0)).containsEntry("a", "x\u2028y\u0085z");
    }

    @Test
    void aLineLongerThanAnyBufferIsReadWhole() {
        String text = "é".repeat(100_000);
        assertThat(read(("{\"a\":\"" + text + "\"}\r\n{\"a\":\"b\"}").getBytes(UTF_8)))
                .extracting(object -> object.get("a"))
                .containsExactly(text, "b");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(read("\uFEFF{\"text\":\"good\"}\n{\"text\":\"bad\"}".getBytes(UTF_8)))
                .extracting(object -> object.get("text"))
                .containsExactly("good", "bad");
        assertThat(read("{\"a\":1}\n\uFEFF{\"a\":2}".getBytes(UTF_8))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1}{\"a\":2}                 | line 2, column 8: a second object begins here",
                "{\"a\":1} {\"a\":2}                | line 2, column 9: a second object begins here",
                "{\"a\":1},                         | line 2, column 8: a comma stands behind the value",
                "{\"a\":1}]                         | line 2, column 8: ']' stands behind the value",
                "{\"a\":1} # good                   | line 2, column 9: '#' stands behind the value",
                "{\"a\":1}\"b\"                     | line 2, column 8: '\"' stands behind the value",
                "{\"é\":\"𝄞\"}x                     | line 2, column 10: 'x' stands behind the value",
                "{\"a\":1                           | line 2, column 1: the object that begins here is not closed",
                "{\"a\":\"b                         | line 2, column 6: the text that begins here is not closed",
                "{\"a\":[1,2                        | line 2, column 6: the list that begins here is not closed",
                "{\"a\":                            | it ends where a value is due",
                "{                                  | line 2 holds '{' alone",
                "[{\"a\":1},{\"a\":2}]              | line 2 begins a JSON list",
                "text,label                         | line 2 begins with 't'",
                "'a',1                              | line 2 begins with '''",
                "\"a\"                              | line 2 begins with '\"'",
                "42                                 | line 2 begins with '4'",
                "{a:1}                              | line 2, column 2: a field's name in double quotes is due, not 'a'",
                "{'a':1}                            | line 2, column 2: a field's name in double quotes is due, not '''",
                "{\"a\":'b'}                        | line 2, column 6: a text stands in single quotes",
                "{\"a\":1,}                         | line 2, column 8: a comma stands before this '}'",
                "{\"a\":[1,]}                       | line 2, column 9: a comma stands before this ']'",
                "{\"a\" 1}                          | a ':' is due behind the name 'a', not '1'",
                "{\"a\":1 \"b\":2}                  | a ',' or '}' is due, not '\"'",
                "{\"a\":01}                         | field 'a' holds '01', which is no JSON value",
                "{\"a\":.5}                         | field 'a' holds '.5', which is no JSON value",
                "{\"a\":+1}                         | field 'a' holds '+1', which is no JSON value",
                "{\"a\":True}                       | field 'a' holds True, which is Python's: JSON writes true",
                "{\"a\":None}                       | field 'a' holds None, which is Python's: JSON writes null",
                "{\"a\":undefined}                  | field 'a' holds 'undefined', which is no JSON value",
                "{\"a\":NaN}                        | field 'a' holds NaN, which is no JSON number: leave it out or write null",
                "{\"label\":-Infinity}              | field 'label' holds -Infinity, which is no JSON number",
                "{\"a\":{\"b\":[1,Infinity]}}       | field 'b' holds Infinity, which is no JSON number",
                "{\"a\":1e999}                      | field 'a' holds a number too large",
                "{\"a\":-1e400}                     | field 'a' holds a number too large",
                "{\"a\":1,\"a\":2}                  | line 2, column 8: field 'a' stands twice in one object",
                "{\"a\":1,\"b\":{\"c\":1,\"c\":1}}  | field 'c' stands twice in one object",
                "{\"a\":\"\\ud83d\"}                | field 'a' holds \\ud83d, half of a surrogate pair",
                "{\"a\":\"x\\udc00\\ud800\"}        | field 'a' holds \\udc00, half of a surrogate pair",
                "{\"a\":\"\\x41\"}                  | a backslash before 'x' is no escape of JSON",
                "{\"a\":\"\\u12\"}                  | \\u needs four hex digits",
                "{\"a\":\"b\tc\"}                   | U+0009 stands unescaped in a text",
                "{\"a\":1 /* one */}                | a ',' or '}' is due, not '/'",
            })
    void whateverStandsOnALineBesideOneObjectIsRefusedWithItsPlace(String line, String words) {
        refused(("{\"a\":0}\n" + line + "\n{\"a\":3}\n").getBytes(UTF_8), words);
    }

    @Test
    void aPairOfSurrogatesIsOneCharacter() {
        assertThat(read("{\"a\":\"\\ud83d\\ude00\"}".getBytes(UTF_8)).get(0)).containsEntry("a", "😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void nestingWithoutEndIsNamedAndNotFatal(String open) {
        refused(open.repeat(5000).replaceFirst("^\\[", "{\"a\":[").getBytes(UTF_8), "nested more than");
    }

    @Test
    void aNumberOfThousandsOfDigitsIsRefused() {
        refused(("{\"a\":" + "9".repeat(5000) + "}").getBytes(UTF_8), "too long");
    }

    private static final String RECORD = "{\"text\":\"a stirring, funny and finally transporting film\",\"label\":1}\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-16",
                "UTF-16LE",
                "UTF-16BE",
                "x-UTF-16LE-BOM",
                "UTF-32",
                "UTF-32LE",
                "UTF-32BE",
                "X-UTF-32LE-BOM"
            })
    void wideCharactersAreNamedAsThat(String charset) {
        refused(
                RECORD.repeat(3).getBytes(Charset.forName(charset)),
                charset.contains("16") ? "is UTF-16" : "is UTF-32",
                "iconv");
    }

    @Test
    void oneShortLineInUtf16IsNamedToo() {
        refused("{\"text\":\"größer\"}".getBytes(UTF_16LE), "is UTF-16");
        refused("{\"text\":\"ok\"}".getBytes(UTF_16), "is UTF-16");
        refused("{\"\u6587\":\"\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3067\u3059\"}".getBytes(UTF_16LE), "is UTF-16");
    }

    @Test
    void anEightBitLetterIsNamedByLineAndByte() {
        byte[] latin = (RECORD.repeat(5) + "{\"text\":\"un caf\u00e9 noir\"}").getBytes(ISO_8859_1);
        refused(latin, "line 6, byte 16 (0xE9) is not UTF-8", "looks like Latin-1 or Windows-1252");
        byte[] quotes = "{\"text\":\"\u2018so\u2019\"}".getBytes(Charset.forName("windows-1252"));
        refused(quotes, "line 1, byte 10 (0x91) is not UTF-8", "looks like Windows-1252");
        byte[] kanji = "{\"text\":\"\u65e5\u672c\"}".getBytes(Charset.forName("Shift_JIS"));
        refused(kanji, "line 1, byte 10", "is not UTF-8");
    }

    static Stream<Arguments> packed() throws IOException {
        return Stream.of(
                Arguments.of(gzip(), "is compressed by gzip: unpack it"),
                Arguments.of(zip(), "is a zip archive: unpack it"),
                Arguments.of("BZh91AY&SY".getBytes(UTF_8), "is compressed by bzip2"),
                Arguments.of(new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0}, "is compressed by xz"),
                Arguments.of(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 4}, "is compressed by zstd"),
                Arguments.of("PAR1\u0015\u0000".getBytes(UTF_8), "is a Parquet file"),
                Arguments.of("ARROW1\u0000\u0000".getBytes(UTF_8), "is an Arrow file"),
                Arguments.of("Obj\u0001\u0004".getBytes(UTF_8), "is an Avro file"),
                Arguments.of(new byte[] {(byte) 0x80, 4, (byte) 0x95}, "is a Python pickle"),
                Arguments.of(
                        "version https://git-lfs.github.com/spec/v1\noid".getBytes(UTF_8), "is a pointer of Git LFS"),
                Arguments.of("<!DOCTYPE html><html>".getBytes(UTF_8), "is a web page"));
    }

    private static byte[] gzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(RECORD.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("train.jsonl"));
            out.write(RECORD.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("packed")
    void aFileThatIsNoTextIsNamedAsWhatItIs(byte[] bytes, String words) {
        refused(bytes, words);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> JsonLines.read(directory.resolve("eval.jsonl"), (line, fields) -> {}))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> JsonLines.read(directory, (line, fields) -> {}))
                .hasMessageContaining("is no file of text");
    }
}
