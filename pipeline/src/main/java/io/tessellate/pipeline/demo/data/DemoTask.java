package io.tessellate.pipeline.demo.data;

import io.tessellate.id.TaskName;
import java.util.List;

/** A generated classification task, scored by accuracy; no text of eval occurs in train. */
public record DemoTask(TaskName name, List<String> labels, List<DemoExample> train, List<DemoExample> eval) {
    public DemoTask {
        labels = List.copyOf(labels);
        train = List.copyOf(train);
        eval = List.copyOf(eval);
    }
}
