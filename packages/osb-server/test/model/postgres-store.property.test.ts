import { postgresStore } from 'osb-server/postgres'
import { it } from 'vitest'
import { startPostgres, whyNoPostgres } from '../../../../test/support/postgres-server.js'
import { checkSequences, options, title } from './check-sequences.js'

it(`${title}, on PostgreSQL`, options, async ({ skip }) => {
  const missing = whyNoPostgres()
  skip(missing !== undefined, missing)
  const server = await startPostgres()
  const encryptionKey = Buffer.alloc(32, 7).toString('base64')
  const store = await postgresStore({ connectionString: await server.newDatabase(), encryptionKey })
  try {
    await checkSequences('PostgreSQL', store)
  } finally {
    await store.close()
    await server.stop()
  }
})
