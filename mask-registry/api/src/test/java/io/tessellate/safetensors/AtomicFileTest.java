package io.tessellate.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
    private static final int BLOCK = 1 << 16;

    @TempDir
    private Path directory;

    /** Stretches of zeros and of other bytes, with their borders on those of blocks and beside them. */
    private static byte[] drawn(Random random, int stretches) {
        List<byte[]> parts = new ArrayList<>();
        int length = 0;
        for (int n = 0; n < stretches; n++) {
            byte[] part = new byte[Math.max(0, random.nextInt(3) * BLOCK + random.nextInt(3) - 1)];
            if (random.nextBoolean()) {
                random.nextBytes(part);
            }
            parts.add(part);
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void whatIsReadIsWhatWasWrittenWhereverThereAreZeros(int seed) throws IOException {
        Random random = new Random(seed);
        for (int stretches = 0; stretches < 8; stretches++) {
            byte[] bytes = drawn(random, stretches);
            Path file = directory.resolve("file");
            Sha256 digest = AtomicFile.write(file, out -> {
                for (int done = 0; done < bytes.length; ) {
                    int some = Math.min(1 + random.nextInt(2 * BLOCK), bytes.length - done);
                    out.write(bytes, done, some);
                    if (random.nextInt(4) == 0) {
                        out.flush();
                    }
                    done += some;
                }
            });
            assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
            assertThat(digest).isEqualTo(Sha256.of(bytes));
        }
    }
}
