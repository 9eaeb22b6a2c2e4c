package io.tessellate.template.text;

import io.tessellate.template.text.TemplateToken.Kind;
import java.util.List;

/** A template's tokens, one after the other. */
public final class Tokens {
    private final List<TemplateToken> all;
    private int next;

    public Tokens(List<TemplateToken> all) {
        this.all = all;
    }

    public TemplateToken peek() {
        return peek(0);
    }

    public TemplateToken peek(int ahead) {
        return all.get(Math.min(next + ahead, all.size() - 1));
    }

    public TemplateToken next() {
        TemplateToken token = peek();
        next++;
        return token;
    }

    public int at() {
        return peek().at();
    }

    public boolean isOperator(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    public boolean takeOperator(String operator) {
        return isOperator(operator) && next() != null;
    }

    public boolean takeName(String name) {
        return peek().is(Kind.NAME, name) && next() != null;
    }

    /** A token of a kind; refused if there is another. */
    public TemplateToken take(Kind kind, String what) {
        TemplateToken token = next();
        if (token.kind() != kind) {
            throw new TemplateFault(token.at(), "%s is needed, not %s", what, token.words());
        }
        return token;
    }

    public TemplateToken name() {
        return take(Kind.NAME, "a name");
    }

    public void require(String operator) {
        TemplateToken token = next();
        if (!token.is(Kind.OPERATOR, operator)) {
            throw new TemplateFault(token.at(), "'%s' is needed, not %s", operator, token.words());
        }
    }

    /** Whether what follows cannot be another element of a tuple. */
    public boolean endsTuple() {
        TemplateToken token = peek();
        return switch (token.kind()) {
            case BLOCK_END, VARIABLE_END, END -> true;
            case OPERATOR ->
                token.text().equals(")")
                        || token.text().equals("]")
                        || token.text().equals("=");
            case NAME -> token.text().equals("in");
            case DATA, BLOCK_BEGIN, VARIABLE_BEGIN, STRING, INTEGER, FLOAT -> false;
        };
    }
}
