import { secret } from 'osb-server'
import { postgresStore } from 'osb-server/postgres'
import { sqliteStore } from 'osb-server/sqlite'

/**
 * PostgreSQL where there is a `DATABASE_URL`, else a file.
 * @param {NodeJS.ProcessEnv} env
 */
export function openStore(env) {
  const previous = (env['BROKER_PREVIOUS_KEYS'] ?? '').split(' ').filter((key) => key !== '')
  const keys = {
    encryptionKey: secret(env['BROKER_ENCRYPTION_KEY']),
    previousEncryptionKeys: previous.map((key) => secret(key)),
  }
  const connectionString = env['DATABASE_URL']
  if (connectionString) return postgresStore({ ...keys, connectionString: secret(connectionString) })
  return sqliteStore({ ...keys, file: env['BROKER_FILE'] ?? 'broker.db' })
}
