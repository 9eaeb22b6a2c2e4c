package io.tessellate.runtime.kafka.streams;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a thread died of, so far as two deaths can be compared: the innermost exception, and the place in the input where Streams
 * names one.
 *
 * @param type class of the innermost exception
 * @param message its message, with numbers that change from death to death left out
 * @param place task, topic, partition and offset; empty where Streams does not say
 * @param mayPass whether it can pass by itself
 */
record FailureCause(String type, String message, String place, boolean mayPass) {
    private static final Pattern PLACE =
            Pattern.compile("taskId=(\\S+?),.*?topic=(\\S+?), partition=(\\d+), offset=(\\d+)", Pattern.DOTALL);
    private static final Pattern CHANGING = Pattern.compile("\\d{5,}|@[0-9a-f]+");
    private static final int LONGEST = 300;

    static FailureCause of(Throwable failure) {
        Throwable innermost = failure;
        String place = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            innermost = cause;
            Matcher where = PLACE.matcher(String.valueOf(cause.getMessage()));
            if (place.isEmpty() && where.find()) {
                place = "task %s, %s partition %s offset %s"
                        .formatted(where.group(1), where.group(2), where.group(3), where.group(4));
            }
        }
        String message =
                CHANGING.matcher(String.valueOf(innermost.getMessage())).replaceAll("#");
        return new FailureCause(
                innermost.getClass().getName(),
                message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…",
                place,
                FailureChain.mayPass(failure));
    }

    @Override
    public String toString() {
        return place.isEmpty() ? "%s: %s".formatted(type, message) : "%s: %s (at %s)".formatted(type, message, place);
    }
}
