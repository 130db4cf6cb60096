import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { instanceKey } from './contract/contract-case.js'
import { sqliteStore } from './sqlite-store.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')

/** Creates a record, says so, and stays. */
const otherProcess = `
  const { sqliteStore } = await import(${JSON.stringify(new URL('sqlite-store.ts', import.meta.url).href)})
  const { busyContent } = await import(${JSON.stringify(new URL('contract/contract-case.ts', import.meta.url).href)})
  const store = await sqliteStore({ file: process.argv[1], encryptionKey: '${encryptionKey}' })
  const { lease } = await store.write({
    key: ${JSON.stringify(instanceKey)}, expected: 'absent', content: busyContent(), lease: { owner: 'other', ttlMs: 600_000 },
  })
  console.log(lease.token)
  setInterval(() => {}, 1_000)
`

it('refuses a file that another process has open until that was killed, then has its records and claims its work', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'osb-lock-'))
  const file = join(folder, 'store.db')
  const options = ['--conditions=@osb/source', '--import', 'tsx', '--input-type=module', '-e', otherProcess, file]
  const other = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(other, 'exit')
  try {
    const started = await Promise.race([once(other.stdout, 'data'), exited])
    const token = Number(started[0])
    expect(token).toBeGreaterThan(0)
    await expect(sqliteStore({ file, encryptionKey })).rejects.toMatchObject({ code: 'IN_USE' })
    other.kill('SIGKILL')
    await exited
    const store = await sqliteStore({ file, encryptionKey })
    const [claimed] = await store.claimLapsed('this', 600_000, 10)
    expect(claimed?.lease).toEqual({ owner: 'this', token: token + 1 })
    await store.close()
  } finally {
    other.kill('SIGKILL')
    await exited
    await rm(folder, { recursive: true })
  }
})
