package io.tessellate.pipeline.hub;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Asks the Hub again where the network failed, after growing pauses. */
final class HubAttempts {
    private final HubSettings settings;

    HubAttempts(HubSettings settings) {
        this.settings = settings;
    }

    /** Something that may be tried again where the network failed. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    <T> T patiently(HubReference model, String what, Attempt<T> attempt) {
        long wait = settings.pause().toMillis();
        for (int n = 1; ; n++) {
            try {
                return attempt.run();
            } catch (IOException e) {
                if (n >= settings.attempts()) {
                    throw new TessellateException(
                            ErrorCode.UNAVAILABLE_DEPENDENCY,
                            "%s: %s could not be fetched from %s in %d attempts: %s; the same command goes on from here"
                                    .formatted(model, what, settings.endpoint(), n, e.getMessage()),
                            e);
                }
                sleep(wait);
                wait *= 2;
            }
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "the download was interrupted", e);
        }
    }

    /** Fails as what the Hub's answer says: what may pass as a failure of the network. */
    void requireSuccess(HubTransfer.Answer answer, HubReference model, String what) throws IOException {
        int status = answer.response().statusCode();
        if (HubFailure.isPassing(status)) {
            throw new IOException("the Hub answered %d".formatted(status));
        }
        if (HubFailure.isFailure(status)) {
            throw HubFailure.of(answer.response(), model, what, settings.token().isPresent());
        }
    }
}
