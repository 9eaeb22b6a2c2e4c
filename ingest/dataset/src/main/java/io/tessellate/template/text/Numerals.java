package io.tessellate.template.text;

import java.util.Locale;

/** Whole numbers as a template writes them. */
public final class Numerals {
    private Numerals() {}

    public static Long whole(TemplateToken token) {
        String written = token.text().replace("_", "").toLowerCase(Locale.ROOT);
        try {
            int base = written.startsWith("0x") ? 16 : written.startsWith("0b") ? 2 : written.startsWith("0o") ? 8 : 10;
            return Long.parseLong(base == 10 ? written : written.substring(2), base);
        } catch (NumberFormatException e) {
            throw new TemplateFault(token.at(), "'%s' is no whole number of 64 bits", token.text());
        }
    }
}
