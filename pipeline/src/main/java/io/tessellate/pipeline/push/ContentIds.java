package io.tessellate.pipeline.push;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Ids of examples that have none, by content: the same files give the same ids, so that what is pushed again is known to be a
 * repeat. Equal examples of one dataset stay apart by their number.
 */
final class ContentIds {
    private static final int BYTES = 16;

    private final ExampleDigest digests = new ExampleDigest();
    private final Map<String, Integer> seen = new HashMap<>();

    String next(Example example) {
        String content = HexFormat.of().formatHex(digests.of(example), 0, BYTES);
        int number = seen.merge(content, 1, Integer::sum);
        return number == 1 ? content : content + "-" + number;
    }
}
