// Devices that report to a broker, and one that listens. BROKER names the broker; without one there is nothing to do here.
// needs: mosquitto
// try: --iterations 4
import { check } from 'k6';
import { Client } from 'k6/x/mqtt';

const broker = __ENV.BROKER;

export const options = {
  vus: 2,
  iterations: 20,
  thresholds: { mqtt_errors: ['count==0'], checks: ['rate==1'] },
};

export default async function () {
  if (!broker) {
    console.log('set BROKER, for example: -e BROKER=mqtt://127.0.0.1:1883');
    return;
  }
  const topic = `devices/${__VU}/temperature`;
  const device = new Client({ will: { topic: `devices/${__VU}/state`, payload: 'lost', retain: true } });
  const reported = new Promise((resolve) => {
    device.on('message', (_topic, payload) => resolve(String.fromCharCode(...new Uint8Array(payload))));
  });
  device.connect(broker);
  device.subscribe(topic, { qos: 1 });
  device.publish(topic, '21.5', { qos: 1 });
  check(await reported, { 'the report came back': (text) => text === '21.5' });
  device.end();
}
