package io.tessellate.mask.peft;

import java.util.Optional;

/**
 * What an adapter names as its base, so that PEFT can load both at once.
 *
 * @param nameOrPath a directory or a repository of the Hub
 * @param revision of the repository
 */
public record PeftBase(String nameOrPath, Optional<String> revision) {
    /** A directory, or a repository at its newest revision. */
    public static PeftBase of(String nameOrPath) {
        return new PeftBase(nameOrPath, Optional.empty());
    }
}
