package io.tessellate.template.value;

import io.tessellate.template.text.TemplateFault;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions that every template can call. */
public final class Globals {
    public static final Map<String, Object> ALL = Map.of(
            "range", (Function) Globals::range,
            "dict", (Function) (given, run) -> given.asMap(),
            "namespace", (Function) (given, run) -> new Namespace(given.asMap()),
            "raise_exception", (Function) Globals::raise);

    private Globals() {}

    private static Object raise(Arguments given, Run run) {
        throw TemplateFault.raised(ValueText.of(given.only("message"), run));
    }

    private static Object range(Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("start", "stop", "step");
        long first = bound[1] == null ? 0 : TemplateValues.index(given.first());
        long end = TemplateValues.index(bound[1] == null ? given.first() : bound[1]);
        long step = bound[2] == null ? 1 : TemplateValues.index(bound[2]);
        if (step == 0) {
            throw TemplateFault.here("a range needs a step other than 0");
        }
        List<Object> numbers = new ArrayList<>();
        run.make(Math.max(0, (end - first) / step));
        for (long i = first; step > 0 ? i < end : i > end; i += step) {
            numbers.add(i);
        }
        return numbers;
    }

    /** {@code strftime_now} of a day that is given. */
    public static Function clock(LocalDate date) {
        return (given, run) -> {
            String format = TemplateValues.text(given.only("format"));
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < format.length(); i++) {
                boolean field = format.charAt(i) == '%' && i + 1 < format.length();
                text.append(field ? field(date, format.charAt(++i)) : String.valueOf(format.charAt(i)));
            }
            return text.toString();
        };
    }

    private static String field(LocalDate date, char field) {
        DayOfWeek day = date.getDayOfWeek();
        return switch (field) {
            case 'd' -> "%02d".formatted(date.getDayOfMonth());
            case 'm' -> "%02d".formatted(date.getMonthValue());
            case 'Y' -> "%04d".formatted(date.getYear());
            case 'y' -> "%02d".formatted(date.getYear() % 100);
            case 'j' -> "%03d".formatted(date.getDayOfYear());
            case 'b' -> date.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'a' -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case '%' -> "%";
            default -> throw TemplateFault.here("strftime_now knows no '%%%s' of a day", field);
        };
    }
}
