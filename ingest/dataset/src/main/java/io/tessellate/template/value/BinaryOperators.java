package io.tessellate.template.value;

import io.tessellate.template.text.TemplateFault;
import java.util.ArrayList;
import java.util.List;

/** What stands between two values. */
public final class BinaryOperators {
    private BinaryOperators() {}

    public static boolean compare(String operator, Object left, Object right, Run run) {
        return switch (operator) {
            case "==" -> TemplateValues.equal(left, right, run);
            case "!=" -> !TemplateValues.equal(left, right, run);
            case "in" -> TemplateValues.contains(right, left, run);
            case "not in" -> !TemplateValues.contains(right, left, run);
            case "<" -> TemplateValues.compare(left, right) < 0;
            case "<=" -> TemplateValues.compare(left, right) <= 0;
            case ">" -> TemplateValues.compare(left, right) > 0;
            default -> TemplateValues.compare(left, right) >= 0;
        };
    }

    public static Object apply(String operator, Object left, Object right, Run run) {
        if (operator.equals("~")) {
            String a = ValueText.of(left, run);
            return joined(a, ValueText.of(right, run), run);
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            return joined(a, b, run);
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            run.make((long) a.size() + b.size());
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return left instanceof Tuple ? new Tuple(both) : both;
        }
        if (operator.equals("*")) {
            Object repeated = repeated(left, right, run);
            if (repeated != null) {
                return repeated;
            }
        }
        if (TemplateValues.number(left) instanceof Number a && TemplateValues.number(right) instanceof Number b) {
            return numbers(operator, a, b);
        }
        throw TemplateFault.here(
                "'%s' cannot join %s and %s", operator, TemplateValues.kind(left), TemplateValues.kind(right));
    }

    private static String joined(String a, String b, Run run) {
        run.make((long) a.length() + b.length());
        return a + b;
    }

    private static @org.jspecify.annotations.Nullable Object repeated(Object left, Object right, Run run) {
        Object what = TemplateValues.number(left) instanceof Long ? right : left;
        Object times = what == left ? right : left;
        if (!(TemplateValues.number(times) instanceof Long) || !(what instanceof String || what instanceof List)) {
            return null;
        }
        int count = Math.max(0, TemplateValues.index(times));
        if (what instanceof String text) {
            run.make((long) text.length() * count);
            return text.repeat(count);
        }
        List<?> list = (List<?>) what;
        run.make((long) list.size() * count);
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < count && !list.isEmpty(); i++) {
            all.addAll(list);
        }
        return all;
    }

    private static Object numbers(String operator, Number a, Number b) {
        boolean whole = a instanceof Long && b instanceof Long;
        long x = a.longValue();
        long y = b.longValue();
        double p = a.doubleValue();
        double q = b.doubleValue();
        if ("//%".contains(operator) && q == 0) {
            throw TemplateFault.here("a division by zero");
        }
        return switch (operator) {
            case "+" -> whole ? (Object) Math.addExact(x, y) : (Object) (p + q);
            case "-" -> whole ? (Object) Math.subtractExact(x, y) : (Object) (p - q);
            case "*" -> whole ? (Object) Math.multiplyExact(x, y) : (Object) (p * q);
            case "/" -> p / q;
            case "//" -> whole ? (Object) Math.floorDiv(x, y) : (Object) Math.floor(p / q);
            case "%" -> whole ? (Object) Math.floorMod(x, y) : (Object) (p - Math.floor(p / q) * q);
            default -> power(whole, x, y, p, q);
        };
    }

    private static Object power(boolean whole, long x, long y, double p, double q) {
        if (!whole || y < 0) {
            return Math.pow(p, q);
        }
        long power = 1;
        for (long i = 0; i < y && (x < -1 || x > 1); i++) {
            power = Math.multiplyExact(power, x);
        }
        boolean unit = x >= -1 && x <= 1;
        return unit ? (Object) (y == 0 || x == 1 || x == -1 && y % 2 == 0 ? 1L : x) : (Object) power;
    }
}
