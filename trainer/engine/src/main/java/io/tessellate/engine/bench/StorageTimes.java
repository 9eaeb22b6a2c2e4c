package io.tessellate.engine.bench;

/**
 * What reading and exchanging weights takes.
 *
 * @param loading reading a checkpoint of that size from the system's cache
 * @param switchingTenth from the base to the view of a task that owns a tenth of the eligible weights, and back
 * @param switchingHundredth the same for a hundredth
 */
public record StorageTimes(Times loading, Times switchingTenth, Times switchingHundredth) {}
