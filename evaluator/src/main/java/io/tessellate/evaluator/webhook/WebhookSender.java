package io.tessellate.evaluator.webhook;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Posts a body of JSON to an endpoint. */
@FunctionalInterface
public interface WebhookSender {
    /**
     * What came of an attempt.
     *
     * @param status of the answer; 0 where there was none
     * @param problem why there was none; empty where there was one
     */
    record Answer(int status, String problem) {
        private static final int OK = 200;
        private static final int REDIRECT = 300;
        private static final int GONE = 410;

        boolean taken() {
            return status >= OK && status < REDIRECT;
        }

        /** Whether the endpoint wants nothing any more. */
        boolean gone() {
            return status == GONE;
        }

        String text() {
            return status == 0 ? problem : "it answered " + status;
        }
    }

    /** One attempt; what it gives never fails. */
    CompletableFuture<Answer> post(Webhook endpoint, Map<String, String> headers, String body);
}
