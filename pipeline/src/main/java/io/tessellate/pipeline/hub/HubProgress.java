package io.tessellate.pipeline.hub;

/** Hears how far a download is. */
@FunctionalInterface
public interface HubProgress {
    /**
     * Called as bytes arrive, and once at the end of each file.
     *
     * @param file its name
     * @param done bytes that are there, those of earlier attempts included
     * @param total bytes of the file; -1 where the Hub does not say
     */
    void at(String file, long done, long total);
}
