package io.tessellate.pipeline.stack;

import io.tessellate.error.StorageFailure;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The token that mutating routes ask for: generated at the first start, readable by its owner only. It is there whole or not at
 * all, so that a start that was cut short leaves no empty one.
 */
record Token(Path file, String value) {
    private static final int BYTES = 24;

    static Token of(DataDirectory data) {
        Path file = data.file("token");
        try {
            if (!Files.exists(file) || Files.readString(file).isBlank()) {
                generate(file);
            }
            return new Token(file, Files.readString(OwnerOnly.file(file)).strip());
        } catch (IOException e) {
            throw StorageFailure.of("cannot read or make the token " + file, e);
        }
    }

    private static void generate(Path file) throws IOException {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        Path aside = file.resolveSibling("token.part");
        Files.deleteIfExists(aside);
        OwnerOnly.file(aside);
        Files.writeString(aside, HexFormat.of().formatHex(secret) + "\n");
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
