import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createBrokerClient } from '../create-broker-client.js'
import { fileLedger } from './file-ledger.js'
import type { LedgerEntry, LedgerState } from './orphan-ledger.js'

const entryOf = (state: LedgerState, instance_id = 'i', more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  state,
  broker: 'http://broker.test',
  target: 'instance',
  instance_id,
  service_id: 's',
  plan_id: 'p',
  requestIdentity: 'r',
  ...more,
})

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'osb-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'orphans.jsonl')
}

const statesOf = (entries: readonly LedgerEntry[]) => entries.map(({ instance_id, state }) => `${instance_id} ${state}`)

describe('fileLedger', () => {
  it('knows after it is opened again what is not settled', async () => {
    const path = newPath()
    const ledger = await fileLedger(path)
    await ledger.write(entryOf('creating', 'a'))
    await ledger.write(entryOf('creating', 'b'))
    await ledger.write(entryOf('created', 'b'))
    await ledger.write(entryOf('pending', 'c', { operation: 'o' }))
    await ledger.write(entryOf('orphan', 'd'))
    await ledger.write(entryOf('deleted', 'd'))
    await ledger.write(entryOf('creating', 'e'))
    await ledger.write(entryOf('rejected', 'e'))
    await ledger.close()
    const again = await fileLedger(path)
    onTestFinished(() => again.close())
    expect(statesOf(again.unsettled())).toEqual(['a creating', 'c pending'])
    expect(again.unsettled()[1]).toEqual(entryOf('pending', 'c', { operation: 'o' }))
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(3)
  })

  it('tells instances, bindings and brokers apart', async () => {
    const ledger = await fileLedger(newPath())
    onTestFinished(() => ledger.close())
    await ledger.write(entryOf('creating'))
    await ledger.write(entryOf('creating', 'i', { target: 'binding', binding_id: 'b1' }))
    await ledger.write(entryOf('creating', 'i', { target: 'binding', binding_id: 'b2' }))
    await ledger.write(entryOf('creating', 'i', { broker: 'http://other.test' }))
    await ledger.write(entryOf('deleted', 'i', { target: 'binding', binding_id: 'b1' }))
    expect(ledger.unsettled()).toHaveLength(3)
  })

  it('takes a repeated request for no orphan: the instance was there before', async () => {
    const ledger = await fileLedger(newPath())
    onTestFinished(() => ledger.close())
    for (const state of ['created', 'creating', 'orphan'] as const) await ledger.write(entryOf(state))
    expect(ledger.unsettled()).toEqual([])
  })

  it('keeps the order of writes that come at the same time', async () => {
    const path = newPath()
    const ledger = await fileLedger(path)
    const write = async (at: number): Promise<void> => ledger.write(entryOf('creating', String(at)))
    await Promise.all(Array.from({ length: 20 }, (_each, at) => write(at)))
    await ledger.close()
    const ids = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as LedgerEntry).instance_id)
    expect(ids).toEqual(Array.from({ length: 20 }, (_each, at) => String(at)))
    expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('overlooks a line that a crash cut off, and no other', async () => {
    const path = newPath()
    writeFileSync(path, `${JSON.stringify(entryOf('creating'))}\n`)
    appendFileSync(path, '{"state":"crea')
    const ledger = await fileLedger(path)
    expect(statesOf(ledger.unsettled())).toEqual(['i creating'])
    await ledger.close()
    writeFileSync(path, 'hunter2\n')
    await expect(fileLedger(path)).rejects.toThrow(/orphans\.jsonl, line 1: not an entry of a ledger$/)
  })

  it('ORPH-01: a platform that is killed while the broker works knows its orphan afterwards', async () => {
    const path = newPath()
    let isAsked = (): void => {}
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    const instances = new Set<string>()
    const server = createServer(({ method, url = '' }, response) => {
      const id = url.split('/')[3]?.split('?')[0] ?? ''
      if (method === 'DELETE') return response.writeHead(instances.delete(id) ? 200 : 410).end('{}')
      instances.add(id) // And no answer: the platform dies first.
      isAsked()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    const program = fileURLToPath(new URL('../../test/support/ledger-process.ts', import.meta.url))
    const args = ['--conditions=@osb/source', '--import', 'tsx', program, url, path]
    const platform = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    const exited = once(platform, 'exit')
    await Promise.race([asked, exited.then(() => Promise.reject(new Error('the platform ended by itself')))])
    platform.kill('SIGKILL')
    await exited
    expect([...instances]).toEqual(['i'])

    const ledger = await fileLedger(path)
    const client = createBrokerClient({ url, auth: 'none', ledger })
    onTestFinished(() => Promise.all([client.close(), ledger.close()]).then(() => {}))
    const [entry] = ledger.unsettled()
    expect(entry).toMatchObject({ state: 'creating', broker: url, target: 'instance', instance_id: 'i' })
    const orphan = { target: 'instance', instance_id: 'i', service_id: 's', plan_id: 'p' } as const
    expect(await client.mitigateOrphan(orphan)).toMatchObject({ outcome: 'deleted' })
    expect([...instances]).toEqual([])
    expect(ledger.unsettled()).toEqual([])
  })
})
