// Drives a broker with KafkaJS: node kafkajs.js HOST:PORT. Prints what it saw as one JSON object, a property a check.
'use strict';
const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = require('kafkajs');

const kafka = new Kafka({ clientId: 'kafkajs', brokers: [process.argv[2]], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 20 } });
const admin = kafka.admin();
const seen = {};

async function until(holds) {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

// What a consumer of a topic from its beginning sees, until it has seen `count` records.
async function read(groupId, topic, count, readUncommitted = false) {
  const values = [];
  const consumer = kafka.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 50, retry: { retries: 0 } });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => { values.push(message); } });
  await until(() => values.length >= count);
  await consumer.disconnect();
  return values;
}

async function topics() {
  const created = await admin.createTopics({
    topics: [{ topic: 'js', numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '60000' }] }, { topic: 'js-tx' }, { topic: 'js-out' }],
  });
  const again = await admin.createTopics({ topics: [{ topic: 'js' }] });
  await admin.createPartitions({ topicPartitions: [{ topic: 'js', count: 3 }] });
  const metadata = await admin.fetchTopicMetadata({ topics: ['js'] });
  const cluster = await admin.describeCluster();
  const resource = { type: ConfigResourceTypes.TOPIC, name: 'js' };
  await admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: 'cleanup.policy', value: 'compact,delete' }] }] });
  const configs = (await admin.describeConfigs({ resources: [resource] })).resources[0].configEntries;
  seen.topics = {
    created, again,
    partitions: metadata.topics[0].partitions.length,
    brokers: cluster.brokers.length,
    controller: cluster.controller,
    retention: configs.find(entry => entry.configName === 'retention.ms').configValue,
    cleanup: configs.find(entry => entry.configName === 'cleanup.policy').configValue,
  };
}

async function records() {
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const messages = [...Array(20).keys()].map(i => ({
    key: `k${i}`, value: `v${i}`, partition: 0, headers: { 'hybrid-closed': `h${i}` }, timestamp: `${1322726400000 + i * 1000}`,
  }));
  const [sent] = await producer.send({ topic: 'js', messages, compression: CompressionTypes.GZIP });
  const keyless = await producer.send({ topic: 'js', messages: [{ value: 'no key', partition: 1 }] }).then(() => '', error => error.type);
  await producer.disconnect();
  const read20 = await read('js-readers', 'js', 20);
  const byTime = await admin.fetchTopicOffsetsByTimestamp('js', 1322726400000 + 7500);
  seen.records = {
    keyless,
    baseOffset: sent.baseOffset,
    values: read20.map(message => message.value.toString()),
    header: read20[7].headers['hybrid-closed'].toString(),
    byTime: byTime.find(each => each.partition === 0).offset,
    ends: (await admin.fetchTopicOffsets('js')).map(each => each.high).sort(),
  };
}

async function group() {
  const groupId = 'js-group';
  const joined = [];
  const offsets = new Set();
  const members = [];
  for (const name of ['one', 'two']) {
    const consumer = kafka.consumer({ groupId, heartbeatInterval: 50, maxWaitTimeInMs: 50, rebalanceTimeout: 10000 });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => joined.push({ name, partitions: (payload.memberAssignment.js || []).length }));
    await consumer.connect();
    await consumer.subscribe({ topics: ['js'], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ partition, message }) => { offsets.add(`${partition}:${message.offset}`); } });
    members.push(consumer);
  }
  const share = name => joined.filter(each => each.name === name).at(-1)?.partitions;
  await until(() => share('one') + share('two') === 3 && share('one') > 0 && share('two') > 0 && offsets.size === 20);
  const described = (await admin.describeGroups([groupId])).groups[0];
  const busy = await admin.deleteGroups([groupId]).then(() => '', error => error.groups[0].error.type);
  await members[1].disconnect();
  await until(() => share('one') === 3);
  members[0].pause([{ topic: 'js', partitions: [0] }]);
  const paused = members[0].paused();
  members[0].resume(paused);
  offsets.clear();
  members[0].seek({ topic: 'js', partition: 0, offset: '15' });
  await until(() => offsets.has('0:19'));
  await members[0].disconnect();
  const committed = (await admin.fetchOffsets({ groupId, topics: ['js'] }))[0].partitions.find(each => each.partition === 0);
  const listed = (await admin.listGroups()).groups.map(each => each.groupId);
  await admin.deleteGroups([groupId]);
  const left = (await admin.listGroups()).groups.map(each => each.groupId);
  seen.group = {
    state: described.state, protocol: described.protocol, members: described.members.length, busy, sought: offsets.size,
    paused: paused.length, committed: committed.offset,
    listed: listed.includes(groupId), left: left.includes(groupId),
  };
}

async function transactions() {
  const config = { transactionalId: 'js-writer', maxInFlightRequests: 1, idempotent: true, transactionTimeout: 30000, retry: { retries: 2 } };
  const producer = kafka.producer(config);
  await producer.connect();
  const send = (transaction, value) => transaction.send({ topic: 'js-tx', messages: [{ key: 'k', value, partition: 0 }] });
  const offsets = offset => ({ consumerGroupId: 'js-copier', topics: [{ topic: 'js', partitions: [{ partition: 0, offset }] }] });
  const committed = async () => (await admin.fetchOffsets({ groupId: 'js-copier', topics: ['js'] }))[0].partitions.find(each => each.partition === 0).offset;

  const aborted = await producer.transaction();
  await send(aborted, 'aborted');
  await aborted.sendOffsets(offsets('3'));
  await aborted.abort();
  const afterAbort = await committed();
  const kept = await producer.transaction();
  await send(kept, 'kept');
  await kept.sendOffsets(offsets('9'));
  await kept.commit();

  const open = await producer.transaction();
  await send(open, 'zombie');
  const successor = kafka.producer(config);
  await successor.connect();
  const taken = await successor.transaction();
  const fenced = await open.commit().then(() => '', error => error.type);
  await taken.abort();
  seen.transactions = {
    afterAbort, afterCommit: await committed(), fenced,
    committed: (await read('js-committed', 'js-tx', 1)).map(message => message.value.toString()),
    all: (await read('js-all', 'js-tx', 3, true)).map(message => message.value.toString()),
  };
  await successor.disconnect();
  await producer.disconnect();
}

async function deletion() {
  await admin.deleteTopicRecords({ topic: 'js', partitions: [{ partition: 0, offset: '12' }] });
  const low = (await admin.fetchTopicOffsets('js')).find(each => each.partition === 0).low;
  await admin.deleteTopics({ topics: ['js', 'js-tx', 'js-out'] });
  seen.deletion = { low, left: (await admin.listTopics()).filter(topic => topic.startsWith('js')) };
}

(async () => {
  await admin.connect();
  for (const check of [topics, records, group, transactions, deletion]) {
    await check();
  }
  await admin.disconnect();
  console.log(JSON.stringify(seen));
})().catch(error => {
  console.error(error);
  process.exit(1);
});
