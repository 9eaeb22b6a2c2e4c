package io.tessellate.template;

import io.tessellate.template.value.Arguments;
import io.tessellate.template.value.Function;
import io.tessellate.template.value.LoopState;
import io.tessellate.template.value.TemplateValues;
import io.tessellate.template.value.Undefined;
import io.tessellate.template.value.ValueText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What writes, decides or repeats. */
sealed interface Statement {
    /** How a statement ended: on to the next, or out of the loop's turn or the loop. */
    enum End {
        NEXT,
        CONTINUE,
        BREAK
    }

    End run(Scope scope);

    /** Runs statements until one leaves a loop. */
    static End run(List<Statement> body, Scope scope) {
        for (Statement statement : body) {
            End end = statement.run(scope);
            if (end != End.NEXT) {
                return end;
            }
        }
        return End.NEXT;
    }

    record Text(String text) implements Statement {
        @Override
        public End run(Scope scope) {
            scope.run().write(text);
            return End.NEXT;
        }
    }

    record Output(int at, Expression value) implements Statement {
        @Override
        public End run(Scope scope) {
            Object shown = value.evaluate(scope);
            scope.run().at(at);
            scope.run().write(ValueText.of(shown, scope.run()));
            return End.NEXT;
        }
    }

    record If(List<Expression> tests, List<List<Statement>> bodies, List<Statement> otherwise) implements Statement {
        @Override
        public End run(Scope scope) {
            for (int i = 0; i < tests.size(); i++) {
                if (TemplateValues.truth(tests.get(i).evaluate(scope))) {
                    return Statement.run(bodies.get(i), scope);
                }
            }
            return Statement.run(otherwise, scope);
        }
    }

    record Leave(End end) implements Statement {
        @Override
        public End run(Scope scope) {
            return end;
        }
    }

    /** A part that transformers marks as the assistant's. */
    record Part(List<Statement> body) implements Statement {
        @Override
        public End run(Scope scope) {
            return Statement.run(body, scope);
        }
    }

    /** {@code set a = ...}, {@code set a, b = ...}, {@code set ns.a = ...}. */
    record Assign(int at, Assignment target, Expression value) implements Statement {
        @Override
        public End run(Scope scope) {
            Object assigned = value.evaluate(scope);
            scope.run().at(at);
            target.assign(assigned, scope);
            return End.NEXT;
        }
    }

    /** {@code set a}, or {@code set a | filter}: what stands up to {@code endset}. */
    record Capture(int at, Assignment target, List<Statement> body, Expression value) implements Statement {
        /** By which the filters find what was written. */
        static final String WRITTEN = " written";

        @Override
        public End run(Scope scope) {
            Scope inner = new Scope(scope);
            inner.set(WRITTEN, scope.run().captured(() -> Statement.run(body, new Scope(scope))));
            Object assigned = value.evaluate(inner);
            scope.run().at(at);
            target.assign(assigned, scope);
            return End.NEXT;
        }
    }

    /** {@code filter name}: what stands up to {@code endfilter}, filtered. */
    record Filter(int at, List<Statement> body, Expression value) implements Statement {
        @Override
        public End run(Scope scope) {
            Scope inner = new Scope(scope);
            inner.set(Capture.WRITTEN, scope.run().captured(() -> Statement.run(body, new Scope(scope))));
            scope.run().at(at);
            scope.run().write(ValueText.of(value.evaluate(inner), scope.run()));
            return End.NEXT;
        }
    }

    record For(
            int at,
            Assignment target,
            Expression source,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {
        @Override
        public End run(Scope scope) {
            Object through = source.evaluate(scope);
            scope.run().at(at);
            List<Object> elements = TemplateValues.elements(through, scope.run());
            if (filter != null) {
                elements = elements.stream()
                        .filter(element -> TemplateValues.truth(filter.evaluate(turn(element, scope))))
                        .toList();
            }
            if (elements.isEmpty()) {
                return Statement.run(otherwise, new Scope(scope));
            }
            LoopState loop =
                    new LoopState(elements, scope.get("loop") instanceof LoopState around ? around.depth() + 1 : 1);
            for (Object element : elements) {
                scope.run().at(at);
                loop.advance();
                Scope inner = turn(element, scope);
                inner.set("loop", loop);
                if (Statement.run(body, inner) == End.BREAK) {
                    break;
                }
            }
            return End.NEXT;
        }

        private Scope turn(Object element, Scope scope) {
            Scope inner = new Scope(scope);
            target.assign(element, inner);
            return inner;
        }
    }

    record Macro(String name, List<String> parameters, Map<String, Expression> usual, List<Statement> body)
            implements Statement {
        @Override
        public End run(Scope scope) {
            scope.set(name, (Function) (given, run) -> call(given, scope));
            return End.NEXT;
        }

        private Object call(Arguments given, Scope scope) {
            @Nullable Object[] bound = given.bind(parameters.toArray(new String[0]));
            Scope inner = new Scope(scope);
            for (int i = 0; i < bound.length; i++) {
                String parameter = parameters.get(i);
                Object value = bound[i];
                Expression other = usual.get(parameter);
                if (value == null) {
                    value = other == null ? new Undefined("parameter '" + parameter + "'") : other.evaluate(inner);
                }
                inner.set(parameter, value);
            }
            scope.run().enter();
            try {
                return scope.run().captured(() -> Statement.run(body, inner));
            } finally {
                scope.run().leave();
            }
        }
    }
}
