package io.tessellate.evaluator.live;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the fold remembers: texts under ordered keys. */
interface LiveState {
    @Nullable
    String get(String key);

    void put(String key, String value);

    void delete(String key);

    /** The first entries of those whose keys begin alike, in the order of their keys. */
    List<Map.Entry<String, String>> first(String prefix, int most);
}
