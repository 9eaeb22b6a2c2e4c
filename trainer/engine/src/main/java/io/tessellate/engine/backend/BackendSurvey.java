package io.tessellate.engine.backend;

/**
 * What was found of a backend on this machine.
 *
 * @param name it is chosen by
 * @param usable whether it opens
 * @param note what it runs on, or what is missing
 */
public record BackendSurvey(String name, boolean usable, String note) {}
