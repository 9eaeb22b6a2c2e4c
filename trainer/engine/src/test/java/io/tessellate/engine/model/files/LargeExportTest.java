package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.fixture.SparseModelDirectory;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * A whole model of more than 2^31 weights is exported, one tensor of it changed. Both files are mostly holes, and lie in memory
 * where the system has a place for that: to read holes of a disk it would fill its cache with zeros.
 */
class LargeExportTest {
    private static final String CONFIG = """
            {"model_type": "bert", "hidden_act": "gelu", "hidden_size": 1024, "intermediate_size": 4096,
             "num_attention_heads": 16, "num_hidden_layers": 2, "vocab_size": 2096000,
             "max_position_embeddings": 512, "type_vocab_size": 4000, "layer_norm_eps": 1e-12}
            """;
    private static final String WORDS = "bert.embeddings.word_embeddings.weight";
    private static final String LAST = "bert.encoder.layer.1.output.dense.weight";
    private static final int END = 1024 * 4096 - 1;
    private static final long ROOM = 9L << 30;

    @TempDir(factory = InMemory.class)
    private Path directory;

    /** A directory in the system's memory, if it has one for files. */
    static final class InMemory implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "large-export")
                    : Files.createTempDirectory("large-export");
        }
    }

    @Test
    void whatIsChangedBehindTwoToTheThirtyOneIsThereAndAllElseIsAsItWas() throws IOException {
        if (!directory.startsWith(InMemory.MEMORY)) {
            requireRoom();
        }
        Path from = Files.createDirectory(directory.resolve("base"));
        BaseModel base = new SparseModelDirectory(from, CONFIG)
                .with(WORDS, 2_096_000L * 1024 - 2, 0.5f, -2)
                .with(LAST, END, 1.5f)
                .write();
        assertThat(base.layout().size()).isGreaterThan(1L << 31);
        Path to = directory.resolve("export");

        Sha256 digest = new ModelExport(base, ModelExport.Precision.ORIGINAL).write(new OneWeight(), to);

        Path file = to.resolve(BaseModel.WEIGHTS);
        assertThat(digest.hex()).isEqualTo(digestOf(file));
        assertThat(Files.size(file)).isGreaterThan(1L << 32);
        BaseModel exported = BaseModel.load(to);
        assertThat(exported.layout()).isEqualTo(base.layout());
        try (SafetensorsFile written = SafetensorsFile.open(file)) {
            assertThat(values(written, WORDS, 2_096_000L * 1024 - 3, 3)).containsExactly(0, 0.5f, -2);
            assertThat(values(written, LAST, END - 2, 3)).containsExactly(0, 7, 1.5f);
        }
    }

    private void requireRoom() throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free <= ROOM) {
            String message =
                    "NOT RUN: two models of more than 2^31 weights want %,d bytes where there are no holes, free are %,d"
                            .formatted(ROOM, free);
            System.err.println(message);
            Assumptions.abort(message);
        }
    }

    /** The last but one of the last matrix becomes 7. */
    private static final class OneWeight implements ModelExport.ChangedValues {
        @Override
        public boolean changes(String tensor) {
            return tensor.equals(LAST);
        }

        @Override
        public void change(String tensor, float[] values) {
            if (changes(tensor)) {
                values[END - 1] = 7;
            }
        }
    }

    /** Of the bytes as they lie there, by nothing of ours. */
    private static String digestOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] some = new byte[1 << 20];
            for (int n = in.read(some); n > 0; n = in.read(some)) {
                digest.update(some, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] values(SafetensorsFile file, String tensor, long first, int count) {
        float[] values = new float[count];
        file.read(tensor, first, count, FloatBuffer.wrap(values));
        return values;
    }
}
