// Workload 6: the script engine alone: JSON, regular expressions, sorting, hashing.
const records = Array.from({ length: 500 }, (_, i) => ({
  id: i,
  name: `customer ${(i * 7919) % 500}`,
  mail: `user${i}@example${i % 7}.com`,
  tags: ['a', 'b', `t${i % 13}`],
  total: ((i * 31) % 997) / 10,
}));
const text = JSON.stringify(records);

function hash(data) {
  let h = 0x811c9dc5;
  for (let i = 0; i < data.length; i++) {
    h ^= data.charCodeAt(i);
    h = Math.imul(h, 0x01000193) >>> 0;
  }
  return h;
}

export default function () {
  const parsed = JSON.parse(text);
  const byDomain = {};
  for (const record of parsed) {
    const domain = /@([a-z0-9]+)\.com$/.exec(record.mail)[1];
    (byDomain[domain] ??= []).push(record);
  }
  let sum = 0;
  for (const list of Object.values(byDomain)) {
    list.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
    sum += list.map((record) => record.total).reduce((a, b) => a + b, 0);
    sum += list.filter((record) => record.tags.includes('t5')).length;
  }
  const out = JSON.stringify(byDomain).replace(/customer (\d+)/g, (_, n) => `c${n}`);
  if (hash(out) === 0 || sum < 0) throw new Error('impossible');
}
