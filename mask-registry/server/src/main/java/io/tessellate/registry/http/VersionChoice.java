package io.tessellate.registry.http;

import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import org.jspecify.annotations.Nullable;

/** The body of promote and rollback. */
record VersionChoice(
        @Nullable Integer version,
        @Nullable Boolean force,
        @Nullable String why) {
    static VersionChoice of(Context context) {
        return ActBody.read(context, VersionChoice.class);
    }

    ModelLine promote(Acts registry, ModelName model, String who) {
        return registry.promote(model, required(), forced(), new Author(who, reason()));
    }

    ModelLine rollBack(Acts registry, ModelName model, String who) {
        return registry.rollBack(model, required(), forced(), new Author(who, reason()));
    }

    private int required() {
        if (version == null) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "the body must name a version");
        }
        return version;
    }

    private boolean forced() {
        return Boolean.TRUE.equals(force);
    }

    private String reason() {
        return why == null ? "" : why;
    }
}
