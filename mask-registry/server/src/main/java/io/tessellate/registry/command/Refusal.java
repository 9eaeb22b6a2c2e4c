package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;

/**
 * Why an adapter is not committed.
 *
 * @param code row of the error table
 * @param message which requirement failed, with the numbers
 */
record Refusal(ErrorCode code, String message) {}
