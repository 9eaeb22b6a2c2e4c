package io.tessellate.template.value;

import java.util.AbstractList;
import java.util.List;

/** Python's tuple: a list that is written in round brackets. */
public final class Tuple extends AbstractList<Object> {
    private final List<Object> items;

    public Tuple(List<Object> items) {
        this.items = items;
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
