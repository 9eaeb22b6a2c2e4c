package io.tessellate.pipeline.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.unused.UnusedFile;
import io.tessellate.pipeline.unused.UnusedFound;
import io.tessellate.runtime.http.JsonBody;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemovalRoutesTest {
    private static final Instant BEFORE = Instant.parse("2026-11-01T00:00:00Z");
    private static final UnusedFile ONE =
            new UnusedFile(UnusedFile.Kind.BLOB, Path.of("a"), 5, BEFORE.minusSeconds(60));
    private static final UnusedFound FOUND = new UnusedFound(BEFORE, List.of(ONE));

    @Test
    void everyRouteIsDescribed() {
        assertThat(RemovalRoutes.paths())
                .allSatisfy(path -> assertThat(RemovalRoutes.description()).contains("  " + path + ":\n"));
    }

    @Test
    void whoHasSeenExactlyTheseFilesMayRemoveThem() {
        RemovalRoutes.Remove asked = asked(FOUND.confirmation().hex());
        assertThat(asked.instant()).isEqualTo(BEFORE);
        asked.requireSeen(FOUND);
    }

    @Test
    void whoHasSeenOtherFilesRemovesNothing() {
        UnusedFile another = new UnusedFile(UnusedFile.Kind.BLOB, Path.of("b"), 7, ONE.modified());
        UnusedFile longer = new UnusedFile(ONE.kind(), ONE.path(), 6, ONE.modified());
        UnusedFile later = new UnusedFile(
                ONE.kind(), ONE.path(), ONE.bytes(), ONE.modified().plusNanos(1));
        for (List<UnusedFile> now : List.of(
                List.<UnusedFile>of(), List.of(ONE, another), List.of(another), List.of(longer), List.of(later))) {
            RemovalRoutes.Remove asked = asked(FOUND.confirmation().hex());
            assertThatThrownBy(() -> asked.requireSeen(new UnusedFound(BEFORE, now)))
                    .hasMessageContaining("look again")
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    private static RemovalRoutes.Remove asked(String confirmation) {
        return JsonBody.read(
                "{\"before\":\"%s\",\"confirmation\":\"%s\"}".formatted(BEFORE, confirmation),
                RemovalRoutes.Remove.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}{}",
                "{\"all\":true}",
                "{\"before\":\"2026-11-01T00:00:00Z\"}",
                "{\"confirmation\":\"0\"}",
                "{\"before\":\"yesterday\",\"confirmation\":\"0\"}"
            })
    void nothingIsRemovedUnlessTheBodySaysWhat(String body) {
        assertThatThrownBy(() -> JsonBody.read(body, RemovalRoutes.Remove.class).instant())
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
