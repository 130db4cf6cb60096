import type { StorageAccess, StorageRules } from '../recipe.js'
import { rolesOf } from './statements.js'

type Run = (input: StorageAccess, database: string, statements: string) => Promise<string>

/**
 * Bounds an instance's data: logins are moved from the owner role to one that can read, delete and truncate, and back.
 * Rights that are taken from an owner it could give itself again. Their sessions end, since a session keeps the role
 * that it has.
 */
export function storageRules(psql: Run): StorageRules {
  return {
    async measure(input) {
      const { database } = input
      const text = await psql(
        input,
        database,
        `SELECT pg_database_size('${database}') - pg_database_size('template1');\n`,
      )
      return Math.max(0, Number(text.trim()))
    },
    async restrict(input) {
      await psql(input, input.database, restrictStatements(input.database))
    },
    async release(input) {
      const { owner, cleaner } = rolesOf(input.database)
      await psql(input, input.database, moveStatements(input.database, cleaner, owner))
    },
  }
}

function restrictStatements(database: string): string {
  const { owner, cleaner } = rolesOf(database)
  return `SET client_min_messages = warning;
DO $$ BEGIN CREATE ROLE ${cleaner} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT CONNECT ON DATABASE ${database} TO ${cleaner};
DO $$ DECLARE schema name; BEGIN
  FOR schema IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${cleaner}', schema);
    EXECUTE format('GRANT SELECT, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA %I TO ${cleaner}', schema);
    EXECUTE format('GRANT SELECT ON ALL SEQUENCES IN SCHEMA %I TO ${cleaner}', schema);
  END LOOP;
END $$;
${moveStatements(database, owner, cleaner)}
VACUUM;
`
}

/** The rights change before the sessions end: one that comes back at once has the new ones. */
function moveStatements(database: string, from: string, to: string): string {
  const { owner } = rolesOf(database)
  return `CREATE TEMPORARY TABLE moved AS
  SELECT login.rolname FROM pg_auth_members JOIN pg_roles login ON login.oid = member
  JOIN pg_roles role ON role.oid = roleid WHERE role.rolname = '${from}' AND login.rolcanlogin;
DO $$ DECLARE login name; BEGIN
  FOR login IN SELECT rolname FROM moved LOOP
    EXECUTE format('REASSIGN OWNED BY %I TO ${owner}', login);
    EXECUTE format('REVOKE ${from} FROM %I', login);
    EXECUTE format('GRANT ${to} TO %I', login);
    EXECUTE format('ALTER ROLE %I IN DATABASE ${database} SET role = ''${to}''', login);
  END LOOP;
END $$;
DO $$ BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN (SELECT rolname FROM moved);
END $$;`
}
