package io.tessellate.pipeline.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the Hub says a file's content is: for large files the SHA-256 they are stored under, for small ones git's object
 * id, the SHA-1 over a header and the content.
 *
 * @param algorithm SHA-256 or SHA-1
 * @param hex lower case
 */
record ContentDigest(String algorithm, String hex) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern GIT = Pattern.compile("[0-9a-f]{40}");
    private static final int CHUNK = 1 << 16;

    /** From an entity tag such as {@code "abc…"} or {@code W/"abc…"}; empty if it is neither kind of digest. */
    static Optional<ContentDigest> ofTag(String tag) {
        String hex = tag.replace("W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
        if (SHA256.matcher(hex).matches()) {
            return Optional.of(new ContentDigest("SHA-256", hex));
        }
        return GIT.matcher(hex).matches() ? Optional.of(new ContentDigest("SHA-1", hex)) : Optional.empty();
    }

    /** The digest of the same kind that a file has. */
    ContentDigest actual(Path file) throws IOException {
        MessageDigest digest = digest();
        if (algorithm.equals("SHA-1")) {
            digest.update("blob %d\0".formatted(Files.size(file)).getBytes(UTF_8));
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        }
        return new ContentDigest(algorithm, HexFormat.of().formatHex(digest.digest()));
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
