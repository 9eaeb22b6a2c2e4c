package io.tessellate.pipeline.hub;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/** Puts checked files of the Hub into a directory; what an interrupted download left is gone on from. */
final class FileDownload {
    private final HubTransfer transfer;
    private final HubAttempts attempts;
    private final HubProgress progress;
    private final ToLongFunction<Path> space;

    FileDownload(HubTransfer transfer, HubAttempts attempts, HubProgress progress, ToLongFunction<Path> space) {
        this.transfer = transfer;
        this.attempts = attempts;
        this.progress = progress;
        this.space = space;
    }

    /** Puts the checked file into a directory, unless it is there. */
    void into(Path directory, HubFile file) {
        Path target = directory.resolve(file.name());
        if (Files.exists(target)) {
            return;
        }
        Path part = directory.resolve(file.name() + ".part");
        attempts.patiently(file.model(), file.name(), () -> {
            transfer(file, part);
            return file.name();
        });
        CacheFiles.move(part, target);
        long size = CacheFiles.size(target);
        progress.at(file.name(), size, size);
    }

    private void transfer(HubFile file, Path part) throws IOException {
        long there = Files.exists(part) ? CacheFiles.size(part) : 0;
        HubTransfer.Answer answer = transfer.get(file.path(), there);
        try (InputStream body = answer.response().body()) {
            if (!HubTransfer.isBeyondTheEnd(answer)) {
                attempts.requireSuccess(answer, file.model(), file.name());
                requireSpace(file, answer, part);
                HubTransfer.write(answer, part, file.name(), progress);
            }
        }
        check(file, answer, part);
    }

    private void requireSpace(HubFile file, HubTransfer.Answer answer, Path part) {
        long needed =
                answer.response().headers().firstValueAsLong("Content-Length").orElse(0);
        long free = space.applyAsLong(part.getParent());
        if (needed > free) {
            throw new TessellateException(
                    ErrorCode.STORAGE,
                    "%s: %s needs %d more bytes, but only %d are free in %s"
                            .formatted(file.model(), file.name(), needed, free, part.getParent()));
        }
    }

    /** A file of another size or digest than announced is worth nothing and deleted. */
    private static void check(HubFile file, HubTransfer.Answer answer, Path part) throws IOException {
        long size = CacheFiles.size(part);
        if (answer.size().isPresent() && answer.size().getAsLong() != size) {
            Files.delete(part);
            throw mismatch(
                    file,
                    "has %d bytes, not the %d announced"
                            .formatted(size, answer.size().getAsLong()));
        }
        if (answer.digest().isPresent()) {
            ContentDigest wanted = answer.digest().get();
            ContentDigest actual = wanted.actual(part);
            if (!actual.equals(wanted)) {
                Files.delete(part);
                throw mismatch(
                        file,
                        "has the %s %s, not the %s announced"
                                .formatted(wanted.algorithm(), actual.hex(), wanted.hex()));
            }
        }
    }

    private static TessellateException mismatch(HubFile file, String problem) {
        return new TessellateException(
                ErrorCode.DIGEST_MISMATCH, "%s: %s as downloaded %s".formatted(file.model(), file.name(), problem));
    }
}
