package io.tessellate.experiment;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.plan.Measured;
import io.tessellate.experiment.report.Coverage;
import io.tessellate.experiment.report.ExperimentReport;
import io.tessellate.experiment.report.StreamReport;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.MaskOverlap;
import io.tessellate.experiment.task.TaskFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Writes the report of what there is of a plan. */
final class Reporting {
    private final ExperimentPlan plan;
    private final BaseModel model;
    private final Map<String, List<TaskFolder>> streams;
    private final Path directory;
    private final Consumer<String> noted;

    /**
     * Of a plan.
     *
     * @param streams the plan's, in its order
     * @param directory where the report goes, and where adapters of tasks learnt alone lie
     */
    Reporting(
            ExperimentPlan plan,
            BaseModel model,
            Map<String, List<TaskFolder>> streams,
            Path directory,
            Consumer<String> noted) {
        this.plan = plan;
        this.model = model;
        this.streams = streams;
        this.directory = directory;
        this.noted = noted;
    }

    /** Writes what arms came to with the seeds covered, and gives its text. */
    String write(List<TunedArm> arms, Coverage coverage) {
        ExperimentReport report = new ExperimentReport(
                coverage.whole().isEmpty() ? List.of() : streams(arms), overlaps(arms), coverage, plan.margin());
        report.write(directory, noted);
        return report.markdown();
    }

    private List<StreamReport> streams(List<TunedArm> arms) {
        return streams.entrySet().stream()
                .map(stream -> new StreamReport(
                        stream.getKey(),
                        plan.shuffles() ? places(stream.getValue()) : names(stream.getValue()),
                        plan.shuffles(),
                        arms.stream()
                                .map(arm -> arm.result(plan, stream.getKey()))
                                .toList(),
                        streams.size() > 1))
                .toList();
    }

    private List<MaskOverlap> overlaps(List<TunedArm> arms) {
        if (!plan.measures().contains(Measured.OVERLAP)) {
            return List.of();
        }
        KeptMasks kept =
                new KeptMasks(directory.resolve("single"), model.layout().eligible());
        String stream = streams.keySet().iterator().next();
        List<MaskOverlap> overlaps = new ArrayList<>();
        for (TunedArm tuned : arms) {
            ArmResult arm = tuned.result(plan, stream);
            Optional<MaskOverlap> overlap =
                    arm.outcomes().isEmpty() ? Optional.empty() : kept.of(arm.name(), arm.outcomes());
            overlap.ifPresentOrElse(
                    overlaps::add,
                    () -> noted.accept("%s: what its masks have in common is not known: not all its adapters were kept"
                            .formatted(arm.name())));
        }
        return overlaps;
    }

    /** Where every seed has an order of its own, a column is a place in it. */
    private static List<String> places(List<TaskFolder> tasks) {
        return IntStream.rangeClosed(1, tasks.size())
                .mapToObj("place %d"::formatted)
                .toList();
    }

    private static List<String> names(List<TaskFolder> tasks) {
        return tasks.stream().map(TaskFolder::name).toList();
    }
}
