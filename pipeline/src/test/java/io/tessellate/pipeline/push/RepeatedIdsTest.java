package io.tessellate.pipeline.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatedIdsTest {
    private final List<TaskExample> records = new ArrayList<>();

    private void record(String id, String text) {
        records.add(TaskExample.newBuilder()
                .setId(id)
                .setText(text)
                .setLabel("good")
                .setSplit("train")
                .build());
    }

    private RepeatedIds repeated() {
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel("m")
                .setTask("t")
                .setLabels(List.of("bad", "good"))
                .build();
        return RepeatedIds.of(LocalDataset.of(manifest, records));
    }

    @Test
    void aRepeatIsAnotherThingThanAnIdWithOtherContentAndPushSaysBoth() {
        record("1", "one");
        record("2", "two");
        record("1", "one");
        record("2", "something else");
        record("2", "something else");
        record(null, "two");
        assertThat(repeated()).isEqualTo(new RepeatedIds(2, 1, "2"));
        assertThat(repeated().words(6))
                .hasValue("2 of 6 records repeat others and count once; 1 of 6 records have an id of another one and"
                        + " other content, and will be put aside (DUPLICATE_ID); the first: id '2'");
    }

    @Test
    void nothingIsSaidOfIdsThatDiffer() {
        record("1", "one");
        record("2", "one");
        record(null, "one");
        record(null, "one");
        assertThat(repeated().words(4)).isEmpty();
    }
}
