package io.tessellate.engine.experiment;

/** Hears how an experiment goes on. */
public interface ExperimentListener {
    /** Something was done that is worth a line. */
    void noted(String line);

    /** One more run is there, just finished or found among the results. */
    void worked(Work work);
}
