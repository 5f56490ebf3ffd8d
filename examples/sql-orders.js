// Orders in PostgreSQL: the same statement from every virtual user, and what came of it. DATABASE names the server, as in
//   sixfold run -e DATABASE='postgres://ann:secret@localhost:5432/shop?sslmode=disable' examples/sql-orders.js
// It needs the package pg: npm install pg
// needs: postgres
// try: --iterations 20
import { check } from 'k6';
import exec from 'k6/execution';
import sql from 'k6/x/sql';
import driver from 'k6/x/sql/driver/postgres';

export const options = {
  vus: 4,
  iterations: 200,
  thresholds: { checks: ['rate==1'], sql_query_failed: ['rate==0'], 'sql_query_duration{name:INSERT}': ['p(95)<500'] },
};

const db = sql.open(driver, __ENV.DATABASE || 'postgres://localhost/postgres?sslmode=disable');

export function setup() {
  db.exec(
    'DROP TABLE IF EXISTS orders; CREATE TABLE orders (id SERIAL PRIMARY KEY, who TEXT NOT NULL, cents BIGINT NOT NULL)',
  );
}

export default function () {
  const [{ id }] = db.query('INSERT INTO orders (who, cents) VALUES ($1, $2) RETURNING id', `vu ${__VU}`, 1250);
  const [order] = db.query('SELECT who, cents FROM orders WHERE id = $1', id);
  check(order, { 'the order is mine': ({ who, cents }) => who === `vu ${exec.vu.idInTest}` && cents === 1250 });
}

export function teardown() {
  db.exec('DROP TABLE orders');
}
