package io.tessellate.engine.plan;

import java.util.Locale;

/** A number of bytes as people read it: decimal, three digits. */
public record Bytes(long count) {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    @Override
    public String toString() {
        double number = count;
        int unit = 0;
        while (number >= 999.5 && unit < UNITS.length - 1) {
            number /= 1000;
            unit++;
        }
        String digits = unit == 0 || number >= 99.95 ? "%.0f" : number >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits + " %s", number, UNITS[unit]);
    }
}
