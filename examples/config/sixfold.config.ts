// A config file with types: sixfold run -c sixfold.config.ts script.js
// What a script and its flags do not say comes from here. `npm install --save-dev sixfold` lets an editor know the types.
import { defineConfig } from 'sixfold/config';

export default defineConfig({
  tags: { team: 'orders' },
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<500'] },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'count'],
  hosts: { 'shop.example': '127.0.0.1' },
});
