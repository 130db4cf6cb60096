import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from 'osb-server/sqlite'
import { it } from 'vitest'
import { checkSequences, options, title } from './check-sequences.js'

it(`${title}, on SQLite in a file`, options, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osb-model-'))
  const encryptionKey = Buffer.alloc(32, 7).toString('base64')
  const store = await sqliteStore({ file: join(folder, 'broker.db'), encryptionKey })
  try {
    await checkSequences('SQLite', store)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
