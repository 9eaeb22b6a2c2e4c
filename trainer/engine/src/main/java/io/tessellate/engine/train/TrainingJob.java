package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Lookback;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.grant.Grant;
import io.tessellate.recipe.MaskSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * All that a training's result follows from.
 *
 * @param run the run
 * @param recipe how to train
 * @param data what to train on
 * @param parent the version to start from
 * @param grant what the registry reserved
 * @param earlier tasks to look back at, of the parent version in the order of their commits; some, or their examples, may be missing
 * @param maskData what the mask is calibrated on where the recipe names other data than the run's own; an earlier task's is taken from it
 */
public record TrainingJob(
        RunId run,
        Recipe recipe,
        TaskData data,
        ParentVersion parent,
        Grant grant,
        List<EarlierTask> earlier,
        Optional<TaskData> maskData) {
    /** Another one whenever the same run comes to other last bits than with an earlier engine. */
    private static final String BITS = "3 ";

    /** Keeps of the earlier tasks what the recipe needs: a run comes to the same whether or not more is at hand. */
    public TrainingJob {
        Optional<TaskData> given = maskData;
        maskData = calibrating(recipe.calibration().source(), earlier).or(() -> given);
        earlier = switch (recipe.lookback()) {
            case EXAMPLES -> List.copyOf(earlier);
            case HEADS, NONE -> earlier.stream().map(EarlierTask::headAlone).toList();
        };
    }

    private static Optional<TaskData> calibrating(MaskSource source, List<EarlierTask> earlier) {
        return earlier.stream()
                .filter(task -> source.isEarlier(task.task().task()))
                .findFirst()
                .flatMap(EarlierTask::data);
    }

    /** A job that calibrates on its own data or on an earlier task's. */
    public TrainingJob(
            RunId run, Recipe recipe, TaskData data, ParentVersion parent, Grant grant, List<EarlierTask> earlier) {
        this(run, recipe, data, parent, grant, earlier, Optional.empty());
    }

    /** The same with at most so many examples of a step in the model at once; 0: all. */
    TrainingJob inMicroBatches(int most) {
        return most == recipe.microBatch()
                ? this
                : new TrainingJob(run, recipe.with("microBatch", most), data, parent, grant, earlier, maskData);
    }

    /** The tasks to look back at, with the version that learnt them. */
    public LearntTasks learnt() {
        return new LearntTasks(parent, earlier, maskData);
    }

    /** The same with what regressions are to give in standard units, as every task is learnt and rehearsed. */
    TrainingJob inStandardUnits() {
        return new TrainingJob(
                run,
                recipe,
                data.inStandardUnits(),
                parent,
                grant,
                earlier.stream().map(EarlierTask::inStandardUnits).toList(),
                maskData.map(TaskData::inStandardUnits));
    }

    /** The same with another recipe. */
    TrainingJob with(Recipe other) {
        return new TrainingJob(run, other, data, parent, grant, earlier, maskData);
    }

    /** The same on a part of the train split. */
    TrainingJob on(List<EncodedExample> train) {
        TaskData part = new TaskData(data.task(), data.objective(), data.labels(), train);
        return new TrainingJob(run, recipe, part, parent, grant, earlier, maskData);
    }

    /** What its adapter says about where it comes from. */
    AdapterMetadata metadata() {
        return new AdapterMetadata(parent.base(), parent.digest(), data.task(), recipe.method(), run, recipe.json());
    }

    /**
     * Tells checkpoints of this job from those of others, and from its own that another kind of machine made: a run whose steps
     * were computed by two kinds would give weights that neither gives.
     */
    Sha256 digest(Backend backend) {
        MessageDigest digest = Sha256.newDigest();
        String machine = BITS + backend.name() + new TreeMap<>(backend.environment());
        digest.update(machine.getBytes(StandardCharsets.UTF_8));
        String facts = "%s\n%s\n%s\n%s\n%d\n%d\n"
                .formatted(
                        run,
                        recipe.json(),
                        parent.base(),
                        parent.digest(),
                        parent.owned().hashCode(),
                        earlier.size());
        digest.update(facts.getBytes(StandardCharsets.UTF_8));
        digest.update(("%s %d".formatted(grant, data.labels())).getBytes(StandardCharsets.UTF_8));
        List<Integer> places = earlier.stream().map(EarlierTask::ordinal).toList();
        if (!places.equals(IntStream.range(0, places.size()).boxed().toList())) {
            digest.update(places.toString().getBytes(StandardCharsets.UTF_8));
        }
        if (recipe.lookback() == Lookback.EXAMPLES && !earlier.stream().allMatch(EarlierTask::isRemembered)) {
            String gone =
                    earlier.stream().map(EarlierTask::isRemembered).toList().toString();
            digest.update(gone.getBytes(StandardCharsets.UTF_8));
        }
        update(digest, data.train());
        maskData.ifPresent(other -> update(digest, other.train()));
        return Sha256.of(digest);
    }

    private static void update(MessageDigest digest, List<EncodedExample> examples) {
        ByteBuffer example = ByteBuffer.allocate(Integer.BYTES + Double.BYTES);
        for (EncodedExample e : examples) {
            digest.update(example.clear()
                    .putInt(e.sequences().hashCode())
                    .putDouble(e.target())
                    .flip());
        }
    }
}
