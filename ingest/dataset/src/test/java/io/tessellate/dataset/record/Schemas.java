package io.tessellate.dataset.record;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Record types as foreign producers have them. */
final class Schemas {
    private Schemas() {}

    /** A review as a shop keeps it; the label's type is what differs between producers. */
    static Schema review(String labelType) {
        return new Schema.Parser().parse("""
                        {"type":"record","name":"Review","namespace":"com.shop","fields":[
                          {"name":"review_id","type":"long"},
                          {"name":"body","type":["null","string"],"default":null},
                          {"name":"answer","type":["null","string"],"default":null},
                          {"name":"stars","type":%s},
                          {"name":"part","type":["null","string",{"type":"enum","name":"Part","symbols":["train","eval"]}]}
                        ]}""".formatted(labelType));
    }

    static GenericRecord record(Schema schema, Map<String, ?> values) {
        GenericRecord record = new GenericData.Record(schema);
        values.forEach(record::put);
        return record;
    }
}
