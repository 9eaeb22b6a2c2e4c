package io.tessellate.experiment;

import java.util.function.Consumer;

/** Hears how an experiment goes on. */
public interface ExperimentListener {
    /** Something was done that is worth a line. */
    void noted(String line);

    /** One more run is there, just finished or found among the results. */
    void worked(ExperimentProgress work);

    /** One that takes the lines alone. */
    static ExperimentListener lines(Consumer<String> lines) {
        return new ExperimentListener() {
            @Override
            public void noted(String line) {
                lines.accept(line);
            }

            @Override
            public void worked(ExperimentProgress work) {
                // Lines say what was done; how much is left they do not.
            }
        };
    }
}
