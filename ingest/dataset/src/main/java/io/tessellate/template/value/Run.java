package io.tessellate.template.value;

import io.tessellate.template.text.TemplateFault;

/** One rendering: what it has written, where it is, and what it may still use up. */
public final class Run {
    private static final int MOST_STEPS = 2_000_000;
    private static final int MOST_MADE = 1 << 26;
    private static final int LONGEST_OUTPUT = 1 << 22;
    private static final int DEEPEST_CALL = 64;

    private StringBuilder output = new StringBuilder();
    private int place;
    private int steps;
    private long made;
    private int depth;

    /** Says where rendering is. */
    public void at(int offset) {
        place = offset;
        step();
    }

    public int place() {
        return place;
    }

    public void step() {
        if (++steps > MOST_STEPS) {
            throw TemplateFault.here("it takes more than %d steps", MOST_STEPS);
        }
    }

    /** Counts characters or elements that are about to be made. */
    public void make(long count) {
        made += count;
        if (count > MOST_MADE || made > MOST_MADE) {
            throw TemplateFault.here("it makes more than %d characters", MOST_MADE);
        }
    }

    /** A text that was made. */
    public String made(String text) {
        make(text.length());
        return text;
    }

    public void write(String text) {
        if (output.length() + (long) text.length() > LONGEST_OUTPUT) {
            throw TemplateFault.here("it writes more than %d characters", LONGEST_OUTPUT);
        }
        output.append(text);
    }

    public String rendered() {
        return output.toString();
    }

    /** What an action writes, instead of writing it. */
    public String captured(Runnable action) {
        StringBuilder outer = output;
        output = new StringBuilder();
        try {
            action.run();
            return made(output.toString());
        } finally {
            output = outer;
        }
    }

    /** Enters a macro. */
    public void enter() {
        if (++depth > DEEPEST_CALL) {
            throw TemplateFault.here("macros call each other more than %d deep", DEEPEST_CALL);
        }
    }

    /** Leaves a macro. */
    public void leave() {
        depth--;
    }
}
