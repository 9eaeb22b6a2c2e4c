package io.tessellate.template;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.template.text.Lexer;
import io.tessellate.template.text.Source;
import io.tessellate.template.text.TemplateFault;
import io.tessellate.template.value.Globals;
import io.tessellate.template.value.Run;
import io.tessellate.template.value.TemplateValues;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chat template: Jinja as transformers sets it up (blocks trimmed, their indentation stripped, nothing that changes a value).
 * Rendering depends on nothing but the variables: it reads no clock and no file. A template is text that somebody else wrote, so
 * steps, sizes and depth are bounded. Safe for several threads.
 */
public final class Template {
    private static final int LONGEST_SOURCE = 1 << 18;

    private final Source source;
    private final List<Statement> body;
    private final Optional<LocalDate> today;

    private Template(Source source, List<Statement> body, Optional<LocalDate> today) {
        this.source = source;
        this.body = body;
        this.today = today;
    }

    /**
     * Reads a template.
     *
     * @param text its source
     * @param today what {@code strftime_now} tells; empty: the template finds no such function
     * @throws TessellateException INVALID_MANIFEST with line and column for what is no template, or uses what is not known here
     */
    public static Template parse(String text, Optional<LocalDate> today) {
        if (text.length() > LONGEST_SOURCE) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST,
                    "a chat template of %d characters is too long: allowed are %d"
                            .formatted(text.length(), LONGEST_SOURCE));
        }
        Source source = new Source(text);
        try {
            return new Template(source, new StatementParser(new Lexer(source).tokens()).template(), today);
        } catch (TemplateFault e) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST,
                    "the chat template, %s: %s".formatted(source.place(e.at()), e.what()),
                    e);
        } catch (StackOverflowError e) {
            throw new TessellateException(ErrorCode.INVALID_MANIFEST, "the chat template is nested too deeply", e);
        }
    }

    /**
     * What the template makes of some variables: texts, numbers, truth values, lists, maps, and null.
     *
     * @throws TessellateException TEMPLATE_REFUSED with the template's own words if it raises an error; with line, column and
     *     reason if it cannot be rendered
     */
    public String render(Map<String, ?> variables) {
        Run run = new Run();
        Map<String, Object> all = new HashMap<>(Globals.ALL);
        today.ifPresent(date -> all.put("strftime_now", Globals.clock(date)));
        variables.forEach((name, value) -> all.put(name, TemplateValues.of(value)));
        try {
            Scope scope = new Scope(new Scope(run, all));
            Statement.run(body, scope);
            return run.rendered();
        } catch (TemplateFault e) {
            throw e.isRaised()
                    ? new TessellateException(
                            ErrorCode.TEMPLATE_REFUSED, "the chat template refuses it: %s".formatted(e.what()), e)
                    : failed(run, e.what(), e);
        } catch (ArithmeticException e) {
            throw failed(run, "a number leaves the range of 64 bits", e);
        } catch (StackOverflowError e) {
            throw failed(run, "it is nested too deeply", e);
        }
    }

    private TessellateException failed(Run run, String why, Throwable cause) {
        return new TessellateException(
                ErrorCode.TEMPLATE_REFUSED,
                "the chat template cannot be rendered, %s: %s".formatted(source.place(run.place()), why),
                cause);
    }
}
