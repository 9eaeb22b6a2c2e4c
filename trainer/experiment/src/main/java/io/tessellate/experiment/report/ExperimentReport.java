package io.tessellate.experiment.report;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plot.Picture;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.MaskOverlap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An experiment's results as Markdown and CSV, with pictures.
 *
 * @param streams in the plan's order, all of the same arms; none where no seed is whole
 * @param overlaps what masks of arms have in common; empty where that is not asked for
 * @param coverage which of the plan's runs it is of
 * @param margin arms that are less apart count as equally good
 */
public record ExperimentReport(
        List<StreamReport> streams, List<MaskOverlap> overlaps, Coverage coverage, double margin) {
    /** Writes {@code report.md}, {@code results.csv} and {@code plots/}. */
    public void write(Path directory, Consumer<String> noted) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("report.md"), markdown());
            Files.writeString(directory.resolve("results.csv"), csv());
            Path plots = Files.createDirectories(directory.resolve("plots"));
            for (StreamReport stream : streams) {
                for (Map.Entry<String, Picture> picture : stream.pictures().entrySet()) {
                    Files.writeString(
                            plots.resolve(picture.getKey() + ".svg"),
                            picture.getValue().svg());
                }
            }
            writePixels(plots, noted);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "report cannot be written to " + directory, e);
        }
    }

    /** A machine without fonts, as small containers are, cannot write letters as pixels; the SVG files are there all the same. */
    private void writePixels(Path plots, Consumer<String> noted) throws IOException {
        try {
            for (StreamReport stream : streams) {
                for (Map.Entry<String, Picture> picture : stream.pictures().entrySet()) {
                    Files.write(
                            plots.resolve(picture.getKey() + ".png"),
                            picture.getValue().png());
                }
            }
        } catch (LinkageError | InternalError e) {
            noted.accept("no PNG pictures, this Java cannot draw letters: " + e);
        }
    }

    /** All of it as a text; where no seed is whole, what is missing alone. */
    public String markdown() {
        if (streams.isEmpty()) {
            return coverage.warning();
        }
        TuningSection tuning = new TuningSection(streams.get(0).arms());
        StringBuilder text = new StringBuilder(coverage.warning()).append(tuning.warnings());
        if (streams.size() > 1) {
            text.append("# All streams together\n\nMean ± standard deviation over %d streams and %s seeds.\n"
                    .formatted(streams.size(), coverage.seeds()));
            text.append(Tables.both(together(), margin));
        }
        streams.forEach(stream -> text.append(stream.markdown(coverage, margin)));
        text.append(overlap());
        text.append(tuning.markdown());
        text.append("\n## Recipes\n\n");
        streams.get(0)
                .arms()
                .forEach(arm -> text.append("- %s%s: `%s`%s\n"
                        .formatted(
                                arm.name(),
                                arm.arm().merge() == null
                                        ? ""
                                        : " (%s)".formatted(arm.arm().merge().recipe(arm.scale(), arm.keep())),
                                arm.recipe().json(),
                                arm.arm().differences().isEmpty()
                                        ? ""
                                        : "; the first task " + arm.arm().differences())));
        return text.toString();
    }

    private String overlap() {
        return overlaps.isEmpty()
                ? ""
                : overlaps.stream()
                        .map(overlap -> "| %s | %s | %s | %s |\n"
                                .formatted(
                                        overlap.arm(),
                                        Tables.number(overlap.density()),
                                        pairs(overlap.acrossSeeds()),
                                        pairs(overlap.acrossTasks())))
                        .collect(Collectors.joining("", """

                                ## What masks have in common

                                As a share of a mask, mean over pairs. Masks drawn by different seeds have their density in common; a mask that is drawn follows from its
                                seed alone, so that two tasks of one seed have all of it in common.

                                | arm | density | same task, other seed | same seed, other task |
                                |---|---|---|---|
                                """, ""));
    }

    /** One seed or one task has no pairs. */
    private static String pairs(double mean) {
        return Double.isNaN(mean) ? "" : Tables.number(mean);
    }

    private List<ArmResult> together() {
        return IntStream.range(0, streams.get(0).arms().size())
                .mapToObj(a -> streams.stream()
                        .map(stream -> stream.arms().get(a))
                        .reduce(ArmResult::and)
                        .orElseThrow())
                .toList();
    }

    String csv() {
        return streams.stream()
                .map(StreamReport::csv)
                .collect(Collectors.joining("", "stream,arm,learning_rate,run,view,after,task,score\n", ""));
    }
}
