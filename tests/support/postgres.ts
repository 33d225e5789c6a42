import { PgBoss } from 'pg-boss';
import { type PostgresServer, startPostgresIn } from '../../scripts/tools/postgres.ts';
import { afterFile } from './after-file.ts';
import { temporaryDirectory } from './temporary.ts';

/** A server that ends with the test file. */
export async function startPostgres(): Promise<PostgresServer> {
  const server = await startPostgresIn(await temporaryDirectory());
  afterFile(() => server.stop('kill'));
  return server;
}

/** Runs statements as a superuser, by the driver that the queue uses. */
export async function runSql(server: PostgresServer, statements: string): Promise<void> {
  const quiet = { schedule: false, supervise: false, registerInstance: false };
  const boss = new PgBoss({ connectionString: server.url(), schema: 'tests', max: 1, ...quiet });
  await boss.start();
  try {
    await boss.getDb().executeSql(statements);
  } finally {
    await boss.stop({ graceful: false });
  }
}
