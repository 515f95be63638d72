import { StartError } from './start-error.js';

/** SQLSTATE insufficient_privilege. */
const REFUSED = '42501';
/** SQLSTATE undefined_file, feature_not_supported: the server has no files of an extension. */
const WITHOUT_FILES = ['58P01', '0A000'];

export interface Who {
  role: string;
  database: string;
  schema: string;
}

/**
 * The statement that an administrator has to run, when a missing right stopped the migrations.
 * @returns `null` for any other error
 */
export async function missingRight(ask: (text: string) => Promise<Who>, error: unknown): Promise<StartError | null> {
  const { code, message } = error as { code?: string; message: string };
  const isExtension = /extension "pg_trgm"/.test(message);
  if (isExtension && WITHOUT_FILES.includes(code ?? ''))
    return new StartError('PostgreSQL has no extension pg_trgm: install its contrib package (postgresql-contrib)');
  if (code !== REFUSED) return null;
  const who = await ask('SELECT current_user AS role, current_database() AS database, current_schema() AS schema');
  return new StartError(`${message}: have an administrator run ${remedy(message, isExtension, who)}`);
}

function remedy(message: string, isExtension: boolean, { role, database, schema }: Who): string {
  if (isExtension) return `CREATE EXTENSION pg_trgm in the database ${database}`;
  if (/for database/.test(message)) return `CREATE SCHEMA bullmq AUTHORIZATION ${role} in the database ${database}`;
  const [, refused] = /for schema (\S+)/.exec(message) ?? [];
  if (refused) return `GRANT USAGE, CREATE ON SCHEMA ${refused} TO ${role}`;
  const [, table] = /for (?:table|view|sequence) (\S+)/.exec(message) ?? [];
  if (table) return `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`;
  return `the migrations (npx moviemind migrate) as the role that owns the tables`;
}
