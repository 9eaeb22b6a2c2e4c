package io.tessellate.engine.version;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What several users of a base take of a process: {@code java ... SharedBasesMeasurement MODEL USERS shared|apart [qkv|all]}. Each
 * writes one entry of each matrix for query, key and value, of every eligible matrix, or of none.
 */
final class SharedBasesMeasurement {
    private SharedBasesMeasurement() {}

    public static void main(String[] arguments) throws IOException {
        BaseModel model = BaseModel.load(Path.of(arguments[0]));
        int users = Integer.parseInt(arguments[1]);
        Sha256 digest = model.digest();
        SharedBases shared = new SharedBases();
        List<Weights> taken = new ArrayList<>();
        Backends.open(Backends.HOST).memory().allocate(1).close();
        System.gc();
        long before = resident();
        for (int n = 0; n < users; n++) {
            Backend backend = Backends.open(Backends.HOST);
            SharedBases bases = arguments[2].equals("shared") ? shared : new SharedBases();
            Weights weights = bases.take(digest, model, backend);
            for (ParameterTensor tensor : weights.layout().tensors()) {
                boolean attention = tensor.name().contains(".self.");
                if (arguments.length > 3 && tensor.eligible() && (attention || arguments[3].equals("all"))) {
                    weights.assign(tensor.name(), new int[] {n}, new float[] {n});
                }
            }
            taken.add(weights);
        }
        System.out.printf(
                "%d users, %s, %s written: %d MB more of the resident set but files%n",
                users, arguments[2], arguments.length > 3 ? arguments[3] : "nothing", (resident() - before) / 1000);
        taken.forEach(Weights::close);
    }

    /** Kilobytes, without those of mapped files, which the system may drop. */
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
