/** Roles of one instance that nobody can log in as. */
export function rolesOf(database: string) {
  return {
    /** Owns what the applications make, so that it outlives their logins. */
    owner: `${database}o`,
    /** May read all that the owner has. */
    reader: `${database}r`,
    /** May read and delete it; what logins act as while the instance has too much. */
    cleaner: `${database}c`,
  }
}

const createRole = (name: string) =>
  `DO $$ BEGIN CREATE ROLE ${name} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;`

/** Makes the database and its roles, or makes sure that they are as they should be. Names are hashes, so unquoted. */
export function prepareStatements(database: string, connections: number): string {
  const { owner, reader } = rolesOf(database)
  return `SET client_min_messages = warning;
${createRole(owner)}
${createRole(reader)}
SELECT 'CREATE DATABASE ${database}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}') \\gexec
ALTER DATABASE ${database} CONNECTION LIMIT ${connections};
REVOKE ALL ON DATABASE ${database}, postgres, template1 FROM PUBLIC;
GRANT CONNECT, TEMPORARY, CREATE ON DATABASE ${database} TO ${owner};
GRANT CONNECT ON DATABASE ${database} TO ${reader};
\\connect ${database}
SET search_path = pg_catalog, pg_temp;
SET client_min_messages = warning;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO ${owner};
GRANT USAGE ON SCHEMA public TO ${reader};
ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT SELECT ON TABLES TO ${reader};
ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT SELECT ON SEQUENCES TO ${reader};
ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT USAGE ON SCHEMAS TO ${reader};
`
}

export interface NewLogin {
  readonly username: string
  /** What PostgreSQL stores in place of the password. */
  readonly verifier: string
  readonly readOnly: boolean
  /** -1: no bound of its own. */
  readonly connections: number
}

/** Makes a login that acts as one of the instance's roles from its first statement on. */
export function bindStatements(database: string, { username, verifier, readOnly, connections }: NewLogin): string {
  const { owner, reader } = rolesOf(database)
  const role = readOnly ? reader : owner
  return `BEGIN;
${createRole(username)}
GRANT ${role} TO ${username};
ALTER ROLE ${username} IN DATABASE ${database} SET role = '${role}';
${readOnly ? `ALTER ROLE ${username} IN DATABASE ${database} SET default_transaction_read_only = on;` : ''}
ALTER ROLE ${username} LOGIN CONNECTION LIMIT ${connections} PASSWORD '${verifier}';
COMMIT;
`
}

/**
 * Blocks the login, ends its sessions, and only then drops it: a client that reconnects all the time finds no gap. What
 * it owns itself (made after `SET ROLE NONE`) goes to the owner.
 */
export function unbindStatements(database: string, username: string): string {
  const { owner, reader } = rolesOf(database)
  const exists = `EXISTS (SELECT FROM pg_roles WHERE rolname = '${username}')`
  const sessions = `pg_stat_activity WHERE usename = '${username}'`
  return `SET client_min_messages = warning;
DO $$ BEGIN IF ${exists} THEN ALTER ROLE ${username} NOLOGIN PASSWORD NULL; END IF; END $$;
DO $$ BEGIN
  FOR look IN 1..200 LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT FROM ${sessions});
    PERFORM pg_terminate_backend(pid) FROM ${sessions};
    PERFORM pg_sleep(0.05);
  END LOOP;
  PERFORM pg_stat_clear_snapshot();
  IF EXISTS (SELECT FROM ${sessions}) THEN RAISE EXCEPTION 'sessions of the login do not end'; END IF;
END $$;
DO $$ BEGIN
  IF ${exists} THEN
    REASSIGN OWNED BY ${username} TO ${owner};
    DROP OWNED BY ${username};
    DROP ROLE ${username};
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader};
  END IF;
END $$;
`
}
