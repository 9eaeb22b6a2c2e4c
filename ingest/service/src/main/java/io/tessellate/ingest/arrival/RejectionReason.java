package io.tessellate.ingest.arrival;

/**
 * Why some records of a rejected dataset are bad.
 *
 * @param code of the error table
 * @param count how many are
 * @param example why the first of them is, and where it lies
 */
public record RejectionReason(String code, long count, String example) {}
