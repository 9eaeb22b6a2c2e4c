"""Push a dataset to Tessellate from Python, with nothing of Tessellate's installed.

    pip install "confluent-kafka[avro,schemaregistry]"
    python push.py BOOTSTRAP SCHEMA_REGISTRY_URL MODEL TASK TRAIN.jsonl EVAL.jsonl LABEL...

The records are of this producer's own type: the manifest says which of its fields is which. The two lines that
`tessellate up` prints hold the addresses. Records and manifest are one transaction: a push that is interrupted has sent nothing,
and is simply run again.
"""

import json
import sys

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

REVIEW = json.dumps({
    "type": "record",
    "name": "Review",
    "namespace": "shop",
    "fields": [
        {"name": "nr", "type": "string"},
        {"name": "body", "type": "string"},
        {"name": "stars", "type": "string"},
        {"name": "part", "type": {"type": "enum", "name": "Part", "symbols": ["train", "eval"]}},
    ],
})


def main(bootstrap, registry_url, model, task, train, evaluation, *labels):
    topic = f"tasks.{model}.{task}"
    registry = SchemaRegistryClient({"url": registry_url})
    review = AvroSerializer(registry, REVIEW)
    # The manifest's schema is Tessellate's own; it is in the registry once `tessellate up` has run.
    manifest_topic = "tessellate.manifests"
    schema = registry.get_latest_version(f"{manifest_topic}-value").schema
    manifest = AvroSerializer(registry, schema.schema_str, conf={"auto.register.schemas": False})

    admin = AdminClient({"bootstrap.servers": bootstrap})
    created = admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    created[topic].exception()  # an existing topic is fine

    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": f"push-{topic}"})
    producer.init_transactions()
    producer.begin_transaction()

    def send(to, key, value, serializer):
        data = serializer(value, SerializationContext(to, MessageField.VALUE))
        producer.produce(to, key=key, value=data)
        producer.poll(0)

    count = 0
    for part, path in (("train", train), ("eval", evaluation)):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                name = labels[row["label"]]
                record = {"nr": f"{part}-{count}", "body": row["text"], "stars": name, "part": part}
                send(topic, record["nr"], record, review)
                count += 1

    send(manifest_topic, f"{model}/{task}", {
        "model": model,
        "task": task,
        "state": "CLOSED",
        "objective": "CLASSIFICATION",
        "labels": list(labels),
        "metric": "accuracy",
        "fields": {"id": "nr", "text": "body", "label": "stars", "split": "part",
                   "textPair": None, "prompt": None, "completion": None},
        "evalShare": None,
        "expectedRecords": count,
        "tolerance": None,
        "datasetDigest": None,
        "recipe": None,
    }, manifest)
    producer.commit_transaction()
    print(f"{count} records and the manifest of {model}/{task} are written")


if __name__ == "__main__":
    if len(sys.argv) < 9:
        sys.exit(__doc__)
    main(*sys.argv[1:])
