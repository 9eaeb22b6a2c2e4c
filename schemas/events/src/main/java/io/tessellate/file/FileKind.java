package io.tessellate.file;

import java.util.List;
import java.util.Optional;

/** What a file is by its first bytes, where it is no text in UTF-8. */
final class FileKind {
    /** How much of a file's beginning is looked at. */
    static final int HEAD = 4096;

    private static final String UNPACK = ": unpack it";
    private static final String CONVERT = ", not UTF-8: convert it, for example by iconv -f %s -t UTF-8";
    private static final String WRITE_LINES = ": write its rows as JSON Lines";

    private record Signature(String what, int... bytes) {
        static Signature of(String what, String begin) {
            return new Signature(what, begin.chars().toArray());
        }

        boolean begins(byte[] head) {
            if (head.length < bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if ((head[i] & 0xFF) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** In this order: UTF-32's little-endian mark begins with UTF-16's. */
    private static final List<Signature> SIGNATURES = List.of(
            new Signature("UTF-32" + CONVERT.formatted("UTF-32"), 0xFF, 0xFE, 0, 0),
            new Signature("UTF-32" + CONVERT.formatted("UTF-32"), 0, 0, 0xFE, 0xFF),
            new Signature("UTF-16" + CONVERT.formatted("UTF-16"), 0xFF, 0xFE),
            new Signature("UTF-16" + CONVERT.formatted("UTF-16"), 0xFE, 0xFF),
            new Signature("compressed by gzip" + UNPACK, 0x1F, 0x8B),
            new Signature("a zip archive" + UNPACK, 'P', 'K', 3, 4),
            new Signature("an empty zip archive", 'P', 'K', 5, 6),
            new Signature("compressed by bzip2" + UNPACK, 'B', 'Z', 'h'),
            new Signature("compressed by xz" + UNPACK, 0xFD, '7', 'z', 'X', 'Z', 0),
            new Signature("compressed by zstd" + UNPACK, 0x28, 0xB5, 0x2F, 0xFD),
            new Signature("compressed by lz4" + UNPACK, 0x04, 0x22, 0x4D, 0x18),
            new Signature("a 7z archive" + UNPACK, '7', 'z', 0xBC, 0xAF, 0x27, 0x1C),
            new Signature("a Parquet file" + WRITE_LINES, 'P', 'A', 'R', '1'),
            new Signature("an Arrow file" + WRITE_LINES, 'A', 'R', 'R', 'O', 'W', '1'),
            new Signature("an Arrow stream" + WRITE_LINES, 0xFF, 0xFF, 0xFF, 0xFF),
            new Signature("an ORC file" + WRITE_LINES, 'O', 'R', 'C'),
            new Signature("an Avro file" + WRITE_LINES, 'O', 'b', 'j', 1),
            new Signature("an SQLite database" + WRITE_LINES, 'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f'),
            new Signature("a Python pickle" + WRITE_LINES, 0x80, 3),
            new Signature("a Python pickle" + WRITE_LINES, 0x80, 4),
            new Signature("a Python pickle" + WRITE_LINES, 0x80, 5),
            new Signature("a NumPy file" + WRITE_LINES, 0x93, 'N', 'U', 'M', 'P', 'Y'),
            new Signature("a PDF", '%', 'P', 'D', 'F', '-'),
            Signature.of("a web page, not the file itself: it may want a login", "<!DOCTYPE"),
            Signature.of("a web page, not the file itself: it may want a login", "<!doctype"),
            Signature.of("a web page, not the file itself: it may want a login", "<html"),
            Signature.of(
                    "a pointer of Git LFS, not the file itself: fetch it by git lfs pull", "version https://git-lfs"));

    private FileKind() {}

    /** What it is and what to do about it; empty if it may be text in UTF-8. */
    static Optional<String> of(byte[] head) {
        Optional<String> signed = SIGNATURES.stream()
                .filter(signature -> signature.begins(head))
                .map(Signature::what)
                .findFirst();
        return signed.isPresent() ? signed : wide(head);
    }

    /** Wide characters without a mark: what a person writes begins with a letter of ASCII, and has no zero byte in UTF-8. */
    private static Optional<String> wide(byte[] head) {
        if (head.length < 2 || head[0] != 0 && head[1] != 0) {
            return Optional.empty();
        }
        boolean four = head.length > 3 && (head[0] == 0 ? head[1] == 0 : head[2] == 0);
        String bits = four ? "UTF-32" : "UTF-16";
        return Optional.of(bits + CONVERT.formatted(bits + (head[0] == 0 ? "BE" : "LE")));
    }
}
