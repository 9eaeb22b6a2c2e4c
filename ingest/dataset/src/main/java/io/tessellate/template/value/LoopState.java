package io.tessellate.template.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code loop} tells about the loop around it. */
public final class LoopState {
    private final List<Object> elements;
    private final int depth;
    private int place = -1;
    private @Nullable Object last;

    public LoopState(List<Object> elements, int depth) {
        this.elements = elements;
        this.depth = depth;
    }

    public void advance() {
        place++;
    }

    public int depth() {
        return depth;
    }

    public Object named(String name) {
        int left = elements.size() - place;
        return switch (name) {
            case "index" -> (long) place + 1;
            case "index0" -> (long) place;
            case "revindex" -> (long) left;
            case "revindex0" -> (long) left - 1;
            case "first" -> place == 0;
            case "last" -> left == 1;
            case "length" -> (long) elements.size();
            case "depth" -> (long) depth;
            case "depth0" -> (long) depth - 1;
            case "previtem" -> neighbour(place - 1, "'loop.previtem' of the first element");
            case "nextitem" -> neighbour(place + 1, "'loop.nextitem' of the last element");
            case "cycle" -> (Function) this::cycle;
            case "changed" -> (Function) this::changed;
            default -> new Undefined("'loop.%s'".formatted(name));
        };
    }

    private Object neighbour(int index, String what) {
        return index >= 0 && index < elements.size() ? elements.get(index) : new Undefined(what);
    }

    private Object cycle(Arguments arguments, Run run) {
        arguments.first();
        return arguments.positional().get(place % arguments.positional().size());
    }

    private Object changed(Arguments arguments, Run run) {
        List<Object> now = arguments.positional();
        boolean changed = last == null || !TemplateValues.equal(last, now, run);
        last = now;
        return changed;
    }
}
