package io.tessellate.template.text;

import io.tessellate.template.text.TemplateToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into texts and the tokens of its tags. The line end behind a block tag or a comment and the white space before
 * one on its line are dropped ({@code trim_blocks}, {@code lstrip_blocks}); {@code -} at a tag's side drops all white space there,
 * {@code +} none.
 */
public final class Lexer {
    private static final Pattern TAG = Pattern.compile("\\{[{%#][-+]?");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");
    private static final Pattern END_COMMENT = Pattern.compile("([-+]?)#}");
    private static final Pattern END_BLOCK = Pattern.compile("([-+]?)%}");
    private static final Pattern END_VARIABLE = Pattern.compile("(-?)}}");
    private static final Pattern FLOAT = Pattern.compile("\\d[\\d_]*(?:(?:\\.\\d[\\d_]*)?[eE][+-]?\\d+|\\.\\d[\\d_]*)");
    private static final Pattern INTEGER = Pattern.compile("0[xX][\\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\\d[\\d_]*");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern STRING =
            Pattern.compile("'([^'\\\\]*(?:\\\\.[^'\\\\]*)*)'|\"([^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,]");
    private static final String OPENING = "([{";
    private static final String CLOSING = ")]}";

    private final String text;
    private final List<TemplateToken> tokens = new ArrayList<>();
    private int at;
    private boolean lineStarts = true;

    public Lexer(Source source) {
        this.text = source.text();
    }

    public List<TemplateToken> tokens() {
        Matcher tag = TAG.matcher(text);
        while (tag.find(at)) {
            boolean block = text.charAt(tag.start() + 1) != '{';
            String sign = tag.group().substring(2);
            data(at, tag.start(), sign, block);
            at = tag.end();
            switch (text.charAt(tag.start() + 1)) {
                case '#' -> skip(ending(END_COMMENT, tag.start(), "comment"));
                case '{' -> {
                    add(Kind.VARIABLE_BEGIN, "{{", tag.start());
                    inside(END_VARIABLE, Kind.VARIABLE_END, tag.start());
                }
                default -> block(tag.start());
            }
        }
        data(at, text.length(), "+", false);
        add(Kind.END, "", text.length());
        return tokens;
    }

    private void add(Kind kind, String what, int place) {
        tokens.add(new TemplateToken(kind, what, place));
    }

    private void data(int from, int to, String sign, boolean block) {
        String piece = text.substring(from, to);
        if (sign.equals("-")) {
            piece = Strings.stripEnd(piece);
        } else if (sign.isEmpty() && block) {
            int line = piece.lastIndexOf('\n') + 1;
            boolean begins = line > 0 || lineStarts;
            piece = begins && Strings.isBlank(piece.substring(line)) ? piece.substring(0, line) : piece;
        }
        if (!piece.isEmpty()) {
            add(Kind.DATA, piece, from);
        }
    }

    private void block(int start) {
        Matcher raw = RAW.matcher(text).region(start, text.length());
        if (raw.lookingAt()) {
            raw(raw);
            return;
        }
        add(Kind.BLOCK_BEGIN, "{%", start);
        inside(END_BLOCK, Kind.BLOCK_END, start);
    }

    private void raw(Matcher begin) {
        at = begin.end();
        lineStarts = false;
        if (begin.group(1).equals("-")) {
            space();
        }
        Matcher end = ending(END_RAW, begin.start(), "raw");
        data(at, end.start(), end.group(1), true);
        at = end.end();
        after(end.group(2), true);
    }

    private Matcher ending(Pattern pattern, int start, String what) {
        Matcher end = pattern.matcher(text);
        if (!end.find(at)) {
            throw new TemplateFault(start, "this %s has no end", what);
        }
        return end;
    }

    private void skip(Matcher end) {
        at = end.end();
        after(end.group(1), true);
    }

    /** White space behind a tag. */
    private void after(String sign, boolean block) {
        lineStarts = false;
        if (sign.equals("-")) {
            space();
        } else if (block && sign.isEmpty() && at < text.length() && text.charAt(at) == '\n') {
            at++;
            lineStarts = true;
        }
    }

    private void space() {
        while (at < text.length() && Strings.isSpace(text.charAt(at))) {
            lineStarts = text.charAt(at) == '\n';
            at++;
        }
    }

    /** The tokens up to the end of a tag; brackets that are open hide what would be one. */
    private void inside(Pattern end, Kind kind, int start) {
        Deque<Character> open = new ArrayDeque<>();
        while (at < text.length()) {
            Matcher ends = end.matcher(text).region(at, text.length());
            if (open.isEmpty() && ends.lookingAt()) {
                add(kind, ends.group(), at);
                at = ends.end();
                after(ends.group(1), kind == Kind.BLOCK_END);
                return;
            }
            if (Strings.isSpace(text.charAt(at))) {
                at++;
            } else {
                token(open);
            }
        }
        throw new TemplateFault(start, "this tag has no end");
    }

    private void token(Deque<Character> open) {
        if (take(FLOAT, Kind.FLOAT) || take(INTEGER, Kind.INTEGER) || take(NAME, Kind.NAME) || string()) {
            return;
        }
        int place = at;
        if (!take(OPERATOR, Kind.OPERATOR)) {
            throw new TemplateFault(at, "'%s' has no meaning in a tag", Character.toString(text.codePointAt(at)));
        }
        char first = text.charAt(place);
        if (OPENING.indexOf(first) >= 0) {
            open.push(CLOSING.charAt(OPENING.indexOf(first)));
        } else if (CLOSING.indexOf(first) >= 0 && (open.isEmpty() || open.pop() != first)) {
            throw new TemplateFault(place, "'%s' closes nothing", first);
        }
    }

    private boolean take(Pattern pattern, Kind kind) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        add(kind, matcher.group(), at);
        at = matcher.end();
        return true;
    }

    private boolean string() {
        Matcher matcher = STRING.matcher(text).region(at, text.length());
        if (text.charAt(at) != '\'' && text.charAt(at) != '"') {
            return false;
        }
        if (!matcher.lookingAt()) {
            throw new TemplateFault(at, "this text has no closing quotation mark");
        }
        String written = matcher.group();
        add(Kind.STRING, Escapes.read(written.substring(1, written.length() - 1), at), at);
        at = matcher.end();
        return true;
    }
}
