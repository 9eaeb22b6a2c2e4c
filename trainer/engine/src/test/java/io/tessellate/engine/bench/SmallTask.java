package io.tessellate.engine.bench;

import io.tessellate.engine.metric.Score;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.TrainingOutcome;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.AdapterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A whole task on a device: trained twice under an expander mask, with the trainer's own check that no frozen weight moved,
 * committed, and scored in the union view.
 */
final class SmallTask {
    private static final Recipe RECIPE =
            Recipe.of(Map.of("method", "expander", "density", 0.125, "epochs", 6, "learningRate", 5e-3));

    private SmallTask() {}

    /** Whether both trainings wrote the same file and more was learnt than chance. */
    static boolean run(int examples) throws IOException {
        StreamTask task = ToyTasks.lookup("small", 1, examples);
        Path directory = Files.createTempDirectory("small-task");
        try (TrainingFixture model = new TrainingFixture()) {
            Sha256 once = trained(model, task, directory.resolve("once"));
            Sha256 again = trained(model, task, directory.resolve("again"));
            model.commit(task, AdapterFile.read(directory.resolve("again.safetensors")));
            Score score = model.score(task, model.views().union(), model.views().head(0));
            System.out.printf(
                    Locale.ROOT,
                    "%s: accuracy %.3f on %d examples of %d classes; the second file %s the first%n",
                    TrainingFixture.BACKEND.description(),
                    score.value(),
                    score.examples(),
                    task.data().labels(),
                    once.equals(again) ? "equals" : "DIFFERS FROM");
            return once.equals(again) && score.value() > 1.0 / task.data().labels();
        }
    }

    private static Sha256 trained(TrainingFixture model, StreamTask task, Path to) {
        long start = System.nanoTime();
        TrainingOutcome outcome = model.train(task, RECIPE, to);
        System.out.printf(
                Locale.ROOT,
                "%d steps on %d examples in %.1f s, final loss %.3f%n",
                outcome.steps(),
                task.data().train().size(),
                (System.nanoTime() - start) / 1e9,
                outcome.finalLoss());
        return AdapterFile.write(to.resolveSibling(to.getFileName() + ".safetensors"), outcome.adapter());
    }
}
