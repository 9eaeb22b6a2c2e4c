package io.tessellate.pipeline.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.Printable;
import io.tessellate.pipeline.report.Report;
import java.io.PrintStream;

/**
 * The only place that writes to the terminal: answers to standard output, progress to standard error. On a terminal the
 * line of what is going on is written over, elsewhere every line stays. What text out of data could do to a terminal is escaped.
 */
public final class Terminal {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** A line of a message that has several is not taken for one of ours. */
    private static final String CONTINUED = System.lineSeparator() + "  ";

    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean overwrites;
    private boolean live;

    /** A terminal of two streams.
     *
     * @param overwrites whether a line of standard error can be written over
     */
    public Terminal(PrintStream out, PrintStream err, boolean overwrites) {
        this.out = out;
        this.err = err;
        this.overwrites = overwrites;
    }

    /** The process's own terminal. */
    public static Terminal ofProcess() {
        return new Terminal(System.out, System.err, System.console() != null && !"dumb".equals(System.getenv("TERM")));
    }

    /** Whether {@link #live} lines are written over. */
    public boolean overwrites() {
        return overwrites;
    }

    /** An answer. */
    public void answer(Report report, OutputFormat format) {
        switch (format) {
            case TABLE -> text(report.text());
            case JSON -> json(report.json());
        }
    }

    /** Text in lines. */
    public synchronized void text(String text) {
        eraseLive();
        out.print(Printable.lines(text));
        out.flush();
    }

    /** A value as one line of JSON. */
    public synchronized void json(Object value) {
        eraseLive();
        try {
            out.println(Printable.line(JSON.writeValueAsString(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("reports hold plain values only", e);
        }
        out.flush();
    }

    /** A line of progress that stays. */
    public synchronized void line(String text) {
        eraseLive();
        err.println(Printable.lines(text).replace("\n", CONTINUED));
        err.flush();
    }

    /** A line of progress that the next one replaces; only where lines can be written over. */
    public synchronized void live(String text) {
        if (overwrites) {
            err.print(ERASE_LINE + Printable.line(text));
            err.flush();
            live = true;
        }
    }

    private void eraseLive() {
        if (live) {
            err.print(ERASE_LINE);
            live = false;
        }
    }
}
