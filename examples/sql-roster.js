// A database under load: SQLite in memory here; for PostgreSQL or MySQL exchange driver and connection string.
import { check } from 'k6';
import sql from 'k6/x/sql';
import driver from 'k6/x/sql/driver/sqlite3';

export const options = { vus: 3, iterations: 30, thresholds: { checks: ['rate==1'], sql_query_failed: ['rate==0'] } };

const db = sql.open(driver, ':memory:');
db.exec('CREATE TABLE roster (id INTEGER PRIMARY KEY, given_name TEXT NOT NULL, family_name TEXT NOT NULL)');

export default function () {
  const result = db.exec(
    'INSERT INTO roster (given_name, family_name) VALUES (?, ?), (?, ?)',
    'Peter',
    'Pan',
    'Wendy',
    'Darling',
  );
  check(result, { 'two rows are in': (r) => r.rowsAffected() === 2 });
  const rows = db.query('SELECT * FROM roster WHERE given_name = $1', 'Peter');
  check(rows, { 'Peter is found': ([row]) => row.family_name === 'Pan' });
}
