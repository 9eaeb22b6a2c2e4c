package io.tessellate.dataset.manifest;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.template.Template;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes prompts and completions of records that hold messages. It is part of the manifest, not of the model, so that a
 * record means the same whoever reads it and whenever.
 *
 * @param source Jinja as transformers sets it up
 * @param tokens special tokens by the names the template knows them by, for example {@code bos_token}
 * @param switches further variables that are true or false
 * @param date the day that {@code strftime_now} tells; empty: the template finds no such function
 */
public record ChatTemplate(
        String source, Map<String, String> tokens, Map<String, Boolean> switches, Optional<LocalDate> date) {
    public ChatTemplate {
        tokens = Map.copyOf(tokens);
        switches = Map.copyOf(switches);
    }

    /** The template, read; INVALID_MANIFEST with line and column where it is none. */
    public Template read() {
        return Template.parse(source, date);
    }

    /** A day as manifests write it; INVALID_MANIFEST if it is none. */
    static Optional<LocalDate> date(@Nullable String written) {
        try {
            return Optional.ofNullable(written).map(LocalDate::parse);
        } catch (DateTimeParseException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST,
                    "chatTemplate.date must be a day such as 2024-07-26: '%s'".formatted(written),
                    e);
        }
    }
}
