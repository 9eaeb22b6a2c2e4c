package io.tessellate.runtime.http;

import io.tessellate.error.ErrorCode;
import java.util.Locale;

/** A problem+json body (RFC 9457) made from the error table. */
record Problem(String type, String title, int status, String code, String detail, String instance) {
    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(ErrorCode code, String detail, String path) {
        String slug = code.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Problem(
                "urn:tessellate:error:" + slug, slug.replace('-', ' '), code.httpStatus(), code.name(), detail, path);
    }
}
