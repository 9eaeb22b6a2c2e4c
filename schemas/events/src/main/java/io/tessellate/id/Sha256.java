package io.tessellate.id;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-256 digest in lower-case hex. */
public record Sha256(String hex) implements Comparable<Sha256> {
    private static final Pattern RULE = Pattern.compile("[0-9a-f]{64}");

    public Sha256 {
        if (!RULE.matcher(hex).matches()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "SHA-256 '%s' must be 64 lower-case hex digits".formatted(hex));
        }
    }

    /** Digest of an array of bytes. */
    public static Sha256 of(byte[] bytes) {
        return finish(newDigest(), bytes);
    }

    /** Digest of a file. */
    public static Sha256 of(Path file) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return of(digest);
    }

    /** What a digest came to; it is reset. */
    public static Sha256 of(MessageDigest digest) {
        return new Sha256(HexFormat.of().formatHex(digest.digest()));
    }

    /** A fresh SHA-256 to feed piece by piece. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Sha256 finish(MessageDigest digest, byte[] bytes) {
        digest.update(bytes);
        return of(digest);
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(Sha256 other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
