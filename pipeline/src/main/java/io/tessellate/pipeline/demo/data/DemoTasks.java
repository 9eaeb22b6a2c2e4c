package io.tessellate.pipeline.demo.data;

import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The demo's stream of tasks. The same seed gives the same examples. */
public final class DemoTasks {
    private static final List<ExampleMaker> GENERATORS =
            List.of(new TopicTask(), new Sentiment(), new QuestionType(), new Acceptability(), new Paraphrase());

    private final int trainExamples;
    private final int evalExamples;

    /** A stream whose tasks have that many examples each. */
    public DemoTasks(int trainExamples, int evalExamples) {
        this.trainExamples = trainExamples;
        this.evalExamples = evalExamples;
    }

    /** The tasks in the order they arrive. */
    public List<DemoTask> tasks(long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        return GENERATORS.stream()
                .map(generator -> task(generator, new Speaker(seeds.split())))
                .toList();
    }

    private DemoTask task(ExampleMaker generator, Speaker speaker) {
        Set<String> seen = new HashSet<>();
        List<DemoExample> train = distinct(generator, speaker, trainExamples, seen);
        List<DemoExample> eval = distinct(generator, speaker, evalExamples, seen);
        return new DemoTask(new TaskName(generator.name()), generator.labels(), train, eval);
    }

    private static List<DemoExample> distinct(ExampleMaker generator, Speaker speaker, int count, Set<String> seen) {
        int labels = generator.labels().size();
        List<DemoExample> examples = new ArrayList<>(count);
        while (examples.size() < count) {
            DemoExample example = generator.example(speaker, examples.size() % labels);
            if (seen.add(example.text() + "\n" + example.textPair())) {
                examples.add(example);
            }
        }
        return examples;
    }
}
