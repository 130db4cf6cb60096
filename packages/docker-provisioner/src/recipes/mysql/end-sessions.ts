import { setTimeout as sleep } from 'node:timers/promises'
import { ProvisionerError } from '../../errors.js'
import type { StorageAccess } from '../recipe.js'
import { sessionsQuery } from './statements.js'

/** Runs statements as the administrator. @returns what they give, one row a line */
export type Query = (input: StorageAccess, statements: string, more?: readonly string[]) => Promise<string>

const looks = 100
const pauseMs = 100

/** The administrator's login comes from a secret file, statements by stdin. */
export function queryOf(client: string): Query {
  return async ({ place, run, exec }, statements, more = []) => {
    const options = [`--defaults-file=${place.paths['secrets']}/client.cnf`, '--batch', '--skip-column-names', ...more]
    const line = [client, ...options]
    return more.includes('--force') ? (await exec(line, statements)).stdout : run(line, statements)
  }
}

/**
 * Ends the sessions of a login and waits until they are gone.
 * @param which `all`: none may come after, as the login is locked; `present`: one that comes later has the rights that it
 * is to have, and stays
 */
export async function endSessions(
  query: Query,
  input: StorageAccess,
  username: string,
  which: 'all' | 'present' = 'all',
): Promise<void> {
  let present: readonly string[] | undefined
  for (let look = 0; look < looks; look++) {
    const found = (await query(input, sessionsQuery(username))).split('\n').filter((id) => /^\d+$/.test(id))
    present ??= found
    const ids = which === 'all' ? found : found.filter((id) => present?.includes(id))
    if (ids.length === 0) return
    // Sessions may end by themselves between the two: that is no failure.
    await query(input, ids.map((id) => `KILL ${id};\n`).join(''), ['--force'])
    await sleep(pauseMs, undefined, { signal: input.signal })
  }
  throw new ProvisionerError('COMMAND_FAILED', 'the sessions of the login do not end')
}
