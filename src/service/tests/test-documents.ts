// Tests and their versions, as the API shows them.
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { openArchive } from '../../script/archive/archive.ts';
import { type Requirements, type SOURCE, type Test, type TestVersion, VARIABLE_NAME } from '../api/documents.ts';
import type { Data } from '../api/schema.ts';
import { Problem } from '../rest/problem.ts';
import type { Reader } from '../storage/database.ts';
import { newId } from '../storage/new-id.ts';
import type { TestTable, TestVersionTable } from '../storage/tables.ts';
import type { Upload } from './check-upload.ts';

export type TestRow = Selectable<TestTable>;

/** Files that are longer are listed without their text. */
const LONGEST_SHOWN = 512 * 1024;
const MOST_SHOWN = 4 * 1024 * 1024;

export function testDocument(row: TestRow): Test {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    description: row.description,
    parameters: JSON.parse(row.parameters) as Test['parameters'],
    options: JSON.parse(row.options) as Test['options'],
    baselineRunId: row.baseline_run_id,
    latestVersion: row.latest_version,
    createdAtMs: row.created_ms,
    changedAtMs: row.changed_ms,
  };
}

export function versionDocument(row: Selectable<TestVersionTable>): TestVersion {
  return {
    id: row.id,
    testId: row.test_id,
    n: row.n,
    kind: row.kind,
    fileName: row.file_name,
    digest: row.digest,
    size: row.size,
    requirements: JSON.parse(row.requirements) as Requirements,
    createdAtMs: row.created_ms,
    createdBy: row.created_by,
  };
}

/** Keeps an upload as the next version of a test. */
export async function addVersion(
  transaction: Reader,
  testId: string,
  { kind, fileName, bytes }: Upload,
  requirements: Requirements,
  createdBy: string,
): Promise<Selectable<TestVersionTable>> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  const now = Date.now();
  await transaction
    .insertInto('blob')
    .values({ digest, size: bytes.length, data: bytes })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Two uploads at once get two numbers: this row is theirs one after the other.
  const { latest_version: n } = await transaction
    .updateTable('test')
    .set((update) => ({ latest_version: update('latest_version', '+', 1), changed_ms: now }))
    .where('id', '=', testId)
    .returning('latest_version')
    .executeTakeFirstOrThrow();
  return transaction
    .insertInto('test_version')
    .values({
      id: newId(),
      test_id: testId,
      n,
      kind,
      file_name: fileName,
      digest,
      size: bytes.length,
      requirements: JSON.stringify(requirements),
      created_ms: now,
      created_by: createdBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @throws Problem for names that are no names of variables */
export function checkVariables(variables: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(variables))
    if (!VARIABLE_NAME.test(name))
      throw new Problem('invalid', `"${name.slice(0, 100)}" is no name of a variable: use letters, digits and _`);
}

/** @returns the files of a version, with the text of those that have one */
export function sourceOf(kind: 'script' | 'archive', fileName: string, bytes: Uint8Array): Data<typeof SOURCE> {
  let room = MOST_SHOWN;
  const show = (name: string, body: Uint8Array) => {
    let text: string | null = null;
    if (body.length <= LONGEST_SHOWN && body.length <= room) {
      try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(body);
        room -= body.length;
      } catch {
        // It is no text.
      }
    }
    return { name, size: body.length, text };
  };
  if (kind === 'script') return { main: fileName, files: [show(fileName, bytes)] };
  const { files, remote, main } = openArchive(Buffer.from(bytes));
  const own = [...files].sort(([a], [b]) => Number(b === main) - Number(a === main) || (a < b ? -1 : 1));
  return {
    main,
    files: [
      ...own.map(([name, body]) => show(name, body)),
      ...[...remote].map(([name, body]) => show(`https://${name}`, body)),
    ],
  };
}
