package io.tessellate.template;

import io.tessellate.template.text.TemplateToken;
import io.tessellate.template.text.TemplateToken.Kind;
import io.tessellate.template.text.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions by Jinja's precedence, from the loosest: if, or, and, not, comparison, + -, ~, * / // %, **, sign. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;
    private final OperandParser operands;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    /** One expression, or several with commas between as a tuple. */
    Expression tuple() {
        return tuple(true);
    }

    /** The same without {@code if ... else}, as in a loop's source. */
    Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : or();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.takeOperator(",") && !tokens.endsTuple()) {
            items.add(conditional ? expression() : or());
        }
        return new Expression.Items(items, true);
    }

    Expression expression() {
        Expression value = or();
        while (tokens.takeName("if")) {
            Expression test = or();
            Expression otherwise = tokens.takeName("else") ? expression() : null;
            value = new Expression.Conditional(test, value, otherwise);
        }
        return value;
    }

    Expression or() {
        Expression left = and();
        while (tokens.takeName("or")) {
            left = new Expression.Logic(false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.takeName("and")) {
            left = new Expression.Logic(true, left, not());
        }
        return left;
    }

    private Expression not() {
        return tokens.takeName("not") ? new Expression.Not(not()) : comparison();
    }

    private Expression comparison() {
        int at = tokens.at();
        Expression first = sum();
        List<Expression.Chain.Comparison> others = new ArrayList<>();
        for (String operator = comparing(); operator != null; operator = comparing()) {
            others.add(new Expression.Chain.Comparison(operator, sum()));
        }
        return others.isEmpty() ? first : new Expression.Chain(at, first, others);
    }

    private @Nullable String comparing() {
        TemplateToken token = tokens.peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return tokens.next().text();
        }
        if (tokens.takeName("in")) {
            return "in";
        }
        if (token.is(Kind.NAME, "not") && tokens.peek(1).is(Kind.NAME, "in")) {
            tokens.next();
            tokens.next();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        Expression left = joined();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            TemplateToken operator = tokens.next();
            left = new Expression.Binary(operator.at(), operator.text(), left, joined());
        }
        return left;
    }

    private Expression joined() {
        Expression left = product();
        while (tokens.isOperator("~")) {
            int at = tokens.next().at();
            left = new Expression.Binary(at, "~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            TemplateToken operator = tokens.next();
            left = new Expression.Binary(operator.at(), operator.text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = signed(true);
        while (tokens.isOperator("**")) {
            int at = tokens.next().at();
            left = new Expression.Binary(at, "**", left, signed(true));
        }
        return left;
    }

    private Expression signed(boolean filtered) {
        Expression value;
        if (tokens.isOperator("-") || tokens.isOperator("+")) {
            TemplateToken sign = tokens.next();
            value = new Expression.Signed(sign.at(), sign.text().equals("-"), signed(false));
        } else {
            value = operands.primary();
        }
        Expression whole = operands.postfix(value);
        return filtered ? operands.filters(whole) : whole;
    }

    /** The filter whose name follows, on an input. */
    Expression filter(Expression input) {
        return operands.filter(input);
    }
}
