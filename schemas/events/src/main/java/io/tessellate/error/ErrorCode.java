package io.tessellate.error;

import static io.tessellate.error.ErrorCode.Category.CONFLICT;
import static io.tessellate.error.ErrorCode.Category.DATA;
import static io.tessellate.error.ErrorCode.Category.INTERNAL;
import static io.tessellate.error.ErrorCode.Category.NOT_FOUND;
import static io.tessellate.error.ErrorCode.Category.UNAUTHORIZED;
import static io.tessellate.error.ErrorCode.Category.UNAVAILABLE;
import static io.tessellate.error.ErrorCode.Category.USAGE;

import java.util.Arrays;
import java.util.Optional;

/** The error table: every failure has one code; HTTP status, CLI exit code and dead-letter header follow from it here. */
public enum ErrorCode {
    /** A name, number or combination the caller gave breaks a rule. */
    INVALID_ARGUMENT(USAGE, 400),
    /** The configuration has problems; all of them are listed. */
    INVALID_CONFIGURATION(USAGE, 400),
    /** A request body is larger than allowed. */
    TOO_LARGE(USAGE, 413),
    /** A mutating request without the right token. */
    NO_TOKEN(UNAUTHORIZED, 401),
    /** The model is not registered. */
    UNKNOWN_MODEL(NOT_FOUND, 404),
    /** The task is not known. */
    UNKNOWN_TASK(NOT_FOUND, 404),
    /** The version does not exist. */
    UNKNOWN_VERSION(NOT_FOUND, 404),
    /** There is no such alert or silence. */
    UNKNOWN_ALERT(NOT_FOUND, 404),
    /** The HTTP route or resource does not exist. */
    NOT_FOUND_ROUTE(NOT_FOUND, 404),
    /** A model of that name exists with another base. */
    MODEL_EXISTS(CONFLICT, 409),
    /** The model waits until a person has put something right. */
    MODEL_PARKED(CONFLICT, 409),
    /** The data directory was written by another version of Tessellate, or is used by another process. */
    DATA_DIRECTORY(CONFLICT, 409),
    /** A request came under a host name or from a page that is not this server's. */
    FOREIGN_ORIGIN(UNAUTHORIZED, 403),
    /** A broker or registry refused the credentials, or wants another security protocol. */
    NOT_AUTHENTICATED(UNAUTHORIZED, 401),

    /** A record's bytes are not what its schema says, or have no schema. */
    UNDECODABLE(DATA, 422),
    /** A record lacks a field the objective needs. */
    MISSING_FIELD(DATA, 422),
    /** A field has the wrong type or an empty value. */
    INVALID_FIELD(DATA, 422),
    /** A label is none of the manifest's. */
    UNKNOWN_LABEL(DATA, 422),
    /** A text is longer than the configured limit. */
    TEXT_TOO_LONG(DATA, 422),
    /** A chat template refuses a record's messages, or cannot be rendered for them. */
    TEMPLATE_REFUSED(DATA, 422),
    /** A split is neither train nor eval. */
    UNKNOWN_SPLIT(DATA, 422),
    /** A record's id was seen before with another content. */
    DUPLICATE_ID(DATA, 422),
    /** A record does not fit into the topic it has to be copied to. */
    RECORD_TOO_LARGE(DATA, 422),
    /** An example has nothing to learn or to score, because its completion is cut off entirely. */
    NOTHING_TO_LEARN(DATA, 422),
    /** A record came after its dataset was closed. */
    DATASET_CLOSED(DATA, 422),
    /** A manifest contradicts itself or the rules. */
    INVALID_MANIFEST(DATA, 422),
    /** More records are bad than the manifest tolerates. */
    TOO_MANY_BAD_RECORDS(DATA, 422),
    /** A split has no example. */
    EMPTY_SPLIT(DATA, 422),
    /** The producer announced another number of records than arrived. */
    COUNT_MISMATCH(DATA, 422),
    /** The content is not what its digest says. */
    DIGEST_MISMATCH(DATA, 422),
    /** Records of the dataset were deleted, expired or compacted away. */
    RECORDS_GONE(DATA, 422),
    /** The topic's settings can lose records of the dataset. */
    RECORDS_AT_RISK(DATA, 422),
    /** The topic was deleted and created again under its name. */
    TOPIC_RECREATED(DATA, 422),
    /** Records of an earlier task are gone: it is left out of replay. */
    EARLIER_DATA_GONE(DATA, 422),
    /** A task of this name was closed with other data or another recipe. */
    TASK_CLOSED(CONFLICT, 409),

    /** A weight or adapter file is cut off, has a bad header, length or checksum. */
    MALFORMED_FILE(DATA, 422),
    /** A stored file is gone, cannot be read, or holds other bytes than those it was stored with. */
    BLOB_DAMAGED(INTERNAL, 500),
    /** A tensor is missing, unexpected, or has another shape or type than the model's. */
    TENSOR_MISMATCH(DATA, 422),
    /** The model architecture is not one the engine knows. */
    UNSUPPORTED_MODEL(DATA, 422),
    /** The recipe names an unknown method or a value out of range. */
    INVALID_RECIPE(DATA, 422),

    /** Too few weights are free for the mask. */
    CAPACITY(CONFLICT, 409),
    /** The token is not the newest of its reservation. */
    FENCED(CONFLICT, 409),
    /** The mask holds weights that another task owns. */
    OVERLAP(CONFLICT, 409),
    /** An adapter holds more weights than were reserved. */
    BUDGET_EXCEEDED(CONFLICT, 409),
    /** The version the adapter was trained on is not the one its commit needs. */
    STALE_PARENT(CONFLICT, 409),
    /** A weight that another task owns changed during training. */
    FROZEN_WEIGHT_CHANGED(INTERNAL, 500),
    /** The loss or a gradient became infinite or not a number. */
    DIVERGED(DATA, 422),
    /** A person ended the run before it was committed. */
    CANCELLED(CONFLICT, 409),
    /** A person took the task's adapter out of the versions to come. */
    DROPPED(CONFLICT, 409),
    /** The version was not measured yet. */
    NOT_MEASURED(CONFLICT, 409),
    /** The version was measured and breaks the model's rules. */
    QUARANTINED(CONFLICT, 409),
    /** A training needs more memory than there is, whoever else uses it. */
    NOT_ENOUGH_MEMORY(CONFLICT, 409),
    /** A training needs more memory than is free, and waits for it. */
    MEMORY_IN_USE(UNAVAILABLE, 503),
    /** Work was begun several times and ended the whole process each time. */
    ENDED_THE_PROCESS(INTERNAL, 500),
    /** Work was stopped before its end and goes on later. */
    INTERRUPTED(UNAVAILABLE, 503),
    /** An earlier task's union score fell by more than the budget. */
    FORGETTING(CONFLICT, 409),
    /** What a task answered, held against the labels that came back, scores lower than its eval split. */
    LIVE_ACCURACY(CONFLICT, 409),
    /** A score could not be computed. */
    NOT_MEASURABLE(DATA, 422),
    /** A task view scores or predicts otherwise than when its task was committed. */
    TASK_VIEW_CHANGED(INTERNAL, 500),
    /** What lies in the topics and in the blob store does not keep one of the eight promises. */
    PROMISE_BROKEN(INTERNAL, 500),
    /** A committed run could not be trained again from what is recorded of it. */
    NOT_REPRODUCED(CONFLICT, 409),

    /** A broker, registry or store did not answer. */
    UNAVAILABLE_DEPENDENCY(UNAVAILABLE, 503),
    /** The state is not there yet, for example while a store is restored. */
    NOT_READY(UNAVAILABLE, 503),
    /** More questions wait than are kept waiting: they are asked again later. */
    QUEUE_FULL(UNAVAILABLE, 503),
    /** A wait ran out of time. */
    TIMEOUT(UNAVAILABLE, 504),
    /** A file or disk operation failed. */
    STORAGE(UNAVAILABLE, 507),
    /** A defect in Tessellate itself. */
    DEFECT(INTERNAL, 500);

    /** Whose problem it is. */
    public enum Category {
        /** The caller's. */
        USAGE,
        /** The caller has not proved who it is. */
        UNAUTHORIZED,
        /** The thing asked for does not exist. */
        NOT_FOUND,
        /** What was sent does not fit. */
        DATA,
        /** The state of the world forbids it. */
        CONFLICT,
        /** Try again later. */
        UNAVAILABLE,
        /** Ours. */
        INTERNAL
    }

    private final Category category;
    private final int httpStatus;

    ErrorCode(Category category, int httpStatus) {
        this.category = category;
        this.httpStatus = httpStatus;
    }

    /** The code of a name; empty for one that only a later version knows. */
    public static Optional<ErrorCode> named(String name) {
        return Arrays.stream(values()).filter(code -> code.name().equals(name)).findFirst();
    }

    /** Whose problem it is. */
    public Category category() {
        return category;
    }

    /** Status of the problem+json answer. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Exit code of the CLI: 2 for wrong usage, 1 for everything else. */
    public int exitCode() {
        return category == USAGE ? 2 : 1;
    }
}
