package io.tessellate.pipeline.rest;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** What is wrong with the thing an answer is about, beside the answer: a header of one line. */
final class VerdictHeader {
    static final String HEADER = "Tessellate-Verdict";

    private VerdictHeader() {}

    static String text(TessellateException bad) {
        return bad.code() + " " + bad.getMessage().replaceAll("[^\\x20-\\x7e]", " ");
    }

    static TessellateException parse(String text) {
        int blank = text.indexOf(' ');
        return new TessellateException(code(text.substring(0, Math.max(0, blank))), text.substring(blank + 1));
    }

    static ErrorCode code(String name) {
        return ErrorCode.named(name).orElse(ErrorCode.DEFECT);
    }
}
