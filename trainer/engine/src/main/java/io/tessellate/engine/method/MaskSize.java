package io.tessellate.engine.method;

import io.tessellate.mask.grant.Exhaustion;

/**
 * How many weights a recipe asks for.
 *
 * @param density share of the targeted weights in each mask
 * @param ticketDensity share of them in a first ticket that the mask is part of; 0: none
 * @param scope among which weights a choice is made
 * @param refreshes how often the mask is chosen anew
 * @param exhaustion what to do when fewer are left
 */
public record MaskSize(double density, double ticketDensity, MaskScope scope, int refreshes, Exhaustion exhaustion) {}
