package io.tessellate.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EarlierTasksTest {
    private static final String REPLAYS = "{'method': 'lotto', 'replayShare': 0.25, 'distillShare': 0}";
    private static final String HOLDS = "{'method': 'lotto', 'replayShare': 0, 'distillShare': 0.5}";
    private static final String CALIBRATES_ON_MNLI =
            "{'method': 'lotto', 'replayShare': 0, 'distillShare': 0, 'maskFrom': 'mnli'}";
    private static final String HOLDS_AND_CALIBRATES_ON_SST2 =
            "{'method': 'lotto', 'replayShare': 0, 'distillShare': 0.5, 'maskFrom': 'sst2'}";
    private static final String DOES_BOTH = "{'method': 'lotto', 'replayShare': 0.25, 'distillShare': 0.5}";

    private final FakeRegistry registry = new FakeRegistry().register("glue");
    private final FakeReading reading = new FakeReading();
    private final EarlierTasks earlier = new EarlierTasks();

    /** Says what it was asked for; some things are gone, or away for now. */
    private static final class FakeReading implements EarlierTasks.Reading {
        private final List<String> asked = new ArrayList<>();
        private final Map<String, TessellateException> failing = new HashMap<>();

        @Override
        public EarlierTask whole(CommittedVersion committed, int place) {
            return read("records of ", committed, place, List.of(example()));
        }

        @Override
        public EarlierTask head(CommittedVersion committed, int place) {
            return read("head of ", committed, place, List.of());
        }

        private EarlierTask read(String what, CommittedVersion committed, int place, List<EncodedExample> examples) {
            String name = what + committed.task().task();
            asked.add(name);
            if (failing.containsKey(name)) {
                throw failing.get(name);
            }
            Head head = Head.of(new float[] {1, 2}, new float[] {3});
            return new EarlierTask(
                    committed.task(), HeadObjective.CLASSIFICATION, head, ValueUnits.NONE, examples, place);
        }

        private static EncodedExample example() {
            return new EncodedExample(new TokenSequence(new int[] {1, 2}, new int[2]), 0);
        }
    }

    @BeforeEach
    void learn() {
        for (String task : List.of("sst2", "mnli")) {
            registry.commit(TaskId.of("glue", task), new RunId("run-" + task), 1L);
        }
        reading.failing.put(
                "records of sst2", new TessellateException(ErrorCode.RECORDS_GONE, "the topic was deleted"));
    }

    private Recipe add(String fields, TaskName... without) {
        Holding holding = registry.model(new ModelName("glue")).holding();
        Recipe recipe = Recipe.parse(fields.replace('\'', '"'));
        earlier.add(holding, recipe, Set.of(without), reading);
        return recipe;
    }

    private List<String> found() {
        return earlier.found().stream()
                .map(task -> "%s %s %d"
                        .formatted(task.task().task(), task.isRemembered() ? "whole" : "head", task.ordinal()))
                .toList();
    }

    @Test
    void noRecordIsReadWhereHeadsAreHeldAlone() {
        add(HOLDS);
        assertThat(reading.asked).containsExactly("head of sst2", "head of mnli");
        assertThat(found()).containsExactly("sst2 head 0", "mnli head 1");
        assertThat(earlier.leftOut()).isEmpty();
    }

    @Test
    void oneWhoseRecordsAreGoneIsLeftOutOfReplayAndItsHeadIsHeld() {
        add(DOES_BOTH);
        assertThat(found()).containsExactly("sst2 head 0", "mnli whole 1");
        assertThat(earlier.leftOut())
                .containsExactly(new EarlierTasks.LeftOut(
                        new TaskName("sst2"), ErrorCode.RECORDS_GONE, "the topic was deleted"));
    }

    @Test
    void whereNothingIsHeldItIsLeftOutOfAll() {
        add(REPLAYS);
        assertThat(reading.asked).containsExactly("records of sst2", "records of mnli");
        assertThat(found()).containsExactly("mnli whole 1");
        assertThat(earlier.leftOut()).hasSize(1);
    }

    @Test
    void aRunThatIsTrainedAgainReadsNoRecordsItWasWithout() {
        reading.failing.clear();
        add(DOES_BOTH, new TaskName("sst2"));
        assertThat(reading.asked).containsExactly("head of sst2", "records of mnli");
        assertThat(earlier.leftOut()).isEmpty();
    }

    @Test
    void oneOfWhichNothingIsLeftIsSaidOnce() {
        reading.failing.put("head of sst2", new TessellateException(ErrorCode.UNKNOWN_TASK, "is in no event"));
        add(DOES_BOTH);
        assertThat(found()).containsExactly("mnli whole 1");
        assertThat(earlier.leftOut()).extracting(EarlierTasks.LeftOut::code).containsExactly(ErrorCode.RECORDS_GONE);
    }

    @Test
    void ofATaskThatAMaskIsCalibratedOnTheRecordsAreReadAndOfNoOther() {
        Recipe recipe = add(CALIBRATES_ON_MNLI);
        assertThat(reading.asked).containsExactly("records of mnli");
        assertThat(earlier.leftOut()).isEmpty();
        earlier.require(recipe.calibration());
    }

    @Test
    void withoutTheTaskThatAMaskIsCalibratedOnNothingIsTrained() {
        Recipe recipe = add(HOLDS_AND_CALIBRATES_ON_SST2);
        assertThat(reading.asked).containsExactly("records of sst2", "head of sst2", "head of mnli");
        assertThatThrownBy(() -> earlier.require(recipe.calibration()))
                .isInstanceOf(TessellateException.class)
                .hasMessage(
                        "recipe field 'maskFrom' is sst2, whose records can no longer be read: the topic was deleted");
    }

    @Test
    void oneThatIsAwayForNowIsWaitedFor() {
        reading.failing.put("head of mnli", new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, "no answer"));
        assertThatThrownBy(() -> add(HOLDS)).isInstanceOf(RetriableException.class);
    }

    @Test
    void whoLooksAtAllIsGivenTheRecordsWhateverTheRecipe() {
        Holding holding = registry.model(new ModelName("glue")).holding();
        earlier.addWhole(holding, Recipe.parse(HOLDS.replace('\'', '"')), reading);
        assertThat(found()).containsExactly("sst2 head 0", "mnli whole 1");
        assertThat(earlier.leftOut()).hasSize(1);
    }
}
