// gRPC over TLS as k6's documentation shows it. `sixfold demo --serve --config shop.json` leads the name to the demo target:
// `sixfold run -c shop.json examples/grpc-quickpizza.js`.
// try: --iterations 2
import { check, sleep } from 'k6';
import grpc from 'k6/net/grpc';

const client = new grpc.Client();
client.load(null, 'quickpizza.proto');

export default () => {
  client.connect('grpc-quickpizza.grafana.com:443', {});

  const response = client.invoke('quickpizza.GRPC/RatePizza', { ingredients: ['Cheese'], dough: 'Thick' });
  check(response, { 'status is OK': (r) => r && r.status === grpc.StatusOK });
  console.log(JSON.stringify(response.message));

  client.close();
  sleep(1);
};
