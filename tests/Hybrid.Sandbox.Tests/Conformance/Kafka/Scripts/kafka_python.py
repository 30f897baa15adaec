"""Drives a broker with kafka-python: kafka_python.py HOST:PORT. Prints what it saw as one JSON object, a property a check."""
import json
import sys
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

BROKER = sys.argv[1]
EPOCH = 1322726400000


def producer(**settings):
    return KafkaProducer(bootstrap_servers=BROKER, **settings)


def consumer(group, **settings):
    return KafkaConsumer(
        bootstrap_servers=BROKER, group_id=group, auto_offset_reset='earliest', enable_auto_commit=False,
        heartbeat_interval_ms=100, fetch_max_wait_ms=50, **settings)


def failure(action):
    try:
        action()
        return ''
    except KafkaError as error:
        return type(error).__name__


def read(member, count):
    records = []
    while len(records) < count:
        for batch in member.poll(timeout_ms=50).values():
            records.extend(batch)
    return records


def topics(admin):
    created = admin.create_topics([NewTopic('py', 2, 1, topic_configs={'retention.ms': '60000'}), NewTopic('py-state', 1, 1)])
    exists = failure(lambda: admin.create_topics([NewTopic('py', 2, 1)]))
    admin.create_partitions({'py': NewPartitions(4)})
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, 'py-state', {'cleanup.policy': 'compact'})])
    described = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, 'py-state', {'cleanup.policy': None})])
    metadata = admin.describe_topics(['py'])[0]
    return {
        'created': [error for _, error, _ in created.topic_errors],
        'exists': exists,
        'partitions': len(metadata['partitions']),
        'cleanup': [entry[1] for entry in described[0].resources[0][4]],
        'brokers': len(admin.describe_cluster()['brokers']),
    }


def records():
    with_gzip = producer(compression_type='gzip', acks='all', linger_ms=20)
    sent = [
        with_gzip.send('py', f'v{i}'.encode(), key=f'k{i}'.encode(), partition=0, headers=[('hybrid-closed', b'\1\2')], timestamp_ms=EPOCH + i * 1000)
        for i in range(30)]
    with_gzip.flush()
    with_gzip.close()
    plain = producer(acks=1)
    at = plain.send('py', b'one', partition=1).get(timeout=30)
    huge = failure(lambda: producer(max_request_size=3_000_000).send('py', b'x' * 2_000_000).get(timeout=30))
    plain.close()
    reader = consumer(None)
    first = TopicPartition('py', 0)
    reader.assign([first])
    reader.seek_to_beginning(first)
    seen = read(reader, 30)
    times = reader.offsets_for_times({first: EPOCH + 7500})[first]
    late = reader.offsets_for_times({first: int(time.time() * 1000) + 3_600_000})[first]
    reader.seek(first, 25)
    sought = [record.value.decode() for record in read(reader, 5)]
    reader.pause(first)
    paused = sum(len(batch) for batch in reader.poll(timeout_ms=100).values())
    reader.resume(first)
    reader.seek(first, 29)
    resumed = [record.value.decode() for record in read(reader, 1)]
    ends = (reader.beginning_offsets([first])[first], reader.end_offsets([first])[first])
    reader.close()
    return {
        'offsets': [future.get(timeout=30).offset for future in sent],
        'values': [record.value.decode() for record in seen],
        'header': list(seen[3].headers[0][1]),
        'timestamp': seen[3].timestamp - EPOCH,
        'plain': at.offset, 'huge': huge, 'times': [times.offset, times.timestamp - EPOCH], 'late': late,
        'sought': sought, 'paused': paused, 'resumed': resumed, 'ends': ends,
    }


class Member(threading.Thread):
    """A member of a group in a thread of its own, since joining a group blocks until all of its members have joined."""

    def __init__(self):
        super().__init__(daemon=True)
        self.leaving = threading.Event()
        self.consumer = consumer('py-group')
        self.consumer.subscribe(['py'])
        self.start()

    def run(self):
        while not self.leaving.is_set():
            self.consumer.poll(timeout_ms=20)

    def leave(self):
        self.leaving.set()
        self.join()

    def share(self):
        return [each.partition for each in self.consumer.assignment()]


def until(holds):
    deadline = time.time() + 30
    while not holds():
        if time.time() > deadline:
            raise TimeoutError('it did not come to pass')
        time.sleep(0.01)


def group(admin):
    one, two = Member(), Member()
    until(lambda: len(one.share()) == len(two.share()) == 2)
    shared = sorted(one.share() + two.share())
    described = admin.describe_consumer_groups(['py-group'])[0]
    two.leave()
    two.consumer.close()
    until(lambda: len(one.share()) == 4)
    one.leave()
    first = one.consumer
    first.commit({TopicPartition('py', 0): OffsetAndMetadata(17, 'note')})
    committed = first.committed(TopicPartition('py', 0), metadata=True)
    first.close()
    offsets = admin.list_consumer_group_offsets('py-group')
    listed = [each[0] for each in admin.list_consumer_groups()]
    deleted = admin.delete_consumer_groups(['py-group'])[0][1].__name__
    return {
        'shared': shared, 'state': described.state, 'protocol': described.protocol, 'members': len(described.members),
        'committed': [committed.offset, committed.metadata], 'offsets': [[each.partition, offset.offset] for each, offset in offsets.items()],
        'listed': 'py-group' in listed, 'deleted': deleted,
        'left': 'py-group' in [each[0] for each in admin.list_consumer_groups()],
    }


def main():
    admin = KafkaAdminClient(bootstrap_servers=BROKER)
    seen = {'topics': topics(admin), 'records': records(), 'group': group(admin)}
    admin.delete_topics(['py', 'py-state'])
    seen['left'] = [topic for topic in admin.list_topics() if topic.startswith('py')]
    admin.close()
    print(json.dumps(seen))


main()
