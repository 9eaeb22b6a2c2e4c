package io.tessellate.pipeline.hub;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.net.http.HttpResponse;

/** What the Hub's refusals mean. */
final class HubFailure {
    private static final String REASON = "X-Error-Code";
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private HubFailure() {}

    /** Whether the same request may succeed a little later. */
    static boolean isPassing(int status) {
        return status == TOO_MANY || status >= SERVER;
    }

    static boolean isFailure(int status) {
        return status < OK || status >= BAD_REQUEST;
    }

    /**
     * The failure that an answer stands for. The Hub answers 401 for repositories that do not exist, so that nobody can
     * find out which private ones do; its error code tells them apart.
     */
    static TessellateException of(HttpResponse<?> response, HubReference model, String what, boolean withToken) {
        int status = response.statusCode();
        String reason = response.headers().firstValue(REASON).orElse("");
        if (status == NOT_FOUND || reason.equals("RepoNotFound")) {
            return new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s: the Hub at %s knows no %s%s"
                            .formatted(
                                    model,
                                    response.uri().getHost(),
                                    what,
                                    status == UNAUTHORIZED && !withToken ? "; if it is private, set HF_TOKEN" : ""));
        }
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            return new TessellateException(
                    ErrorCode.NO_TOKEN,
                    withToken
                            ? "%s: the token may not read %s; gated models need their terms accepted on the model's page"
                                    .formatted(model, what)
                            : "%s: %s is private or gated; set HF_TOKEN to a token that may read it"
                                    .formatted(model, what));
        }
        return new TessellateException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "%s: the Hub answered %d for %s".formatted(model, status, what));
    }
}
