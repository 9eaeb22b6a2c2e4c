package io.tessellate.evaluator.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The state in a store of Kafka Streams. */
record StoredLiveState(KeyValueStore<String, String> store) implements LiveState {
    @Override
    public @Nullable String get(String key) {
        return store.get(key);
    }

    @Override
    public void put(String key, String value) {
        store.put(key, value);
    }

    @Override
    public void delete(String key) {
        store.delete(key);
    }

    @Override
    public List<Map.Entry<String, String>> first(String prefix, int most) {
        List<Map.Entry<String, String>> found = new ArrayList<>();
        try (var keys = new StringSerializer();
                KeyValueIterator<String, String> entries = store.prefixScan(prefix, keys)) {
            while (found.size() < most && entries.hasNext()) {
                KeyValue<String, String> entry = entries.next();
                found.add(Map.entry(entry.key, entry.value));
            }
        }
        return found;
    }
}
