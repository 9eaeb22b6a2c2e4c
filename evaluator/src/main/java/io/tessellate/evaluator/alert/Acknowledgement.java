package io.tessellate.evaluator.alert;

import java.time.Instant;

/**
 * Somebody looks after an alert.
 *
 * @param alert its id
 */
public record Acknowledgement(String alert, String who, String why, Instant at) {}
