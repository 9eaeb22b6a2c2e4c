package io.tessellate.template;

import io.tessellate.template.text.TemplateFault;
import io.tessellate.template.value.Namespace;
import io.tessellate.template.value.TemplateValues;
import java.util.List;

/** What a value can be assigned to. */
sealed interface Assignment {
    void assign(Object value, Scope scope);

    record Variable(String name) implements Assignment {
        @Override
        public void assign(Object value, Scope scope) {
            scope.set(name, value);
        }
    }

    record Property(String holder, String name) implements Assignment {
        @Override
        public void assign(Object value, Scope scope) {
            if (!(scope.get(holder) instanceof Namespace namespace)) {
                throw TemplateFault.here("'%s' is no namespace, so that '%s' of it cannot be set", holder, name);
            }
            namespace.values().put(name, value);
        }
    }

    record Several(List<Assignment> targets) implements Assignment {
        @Override
        public void assign(Object value, Scope scope) {
            List<Object> values = TemplateValues.elements(value, scope.run());
            if (values.size() != targets.size()) {
                throw TemplateFault.here("%d values cannot be given to %d names", values.size(), targets.size());
            }
            for (int i = 0; i < values.size(); i++) {
                targets.get(i).assign(values.get(i), scope);
            }
        }
    }
}
