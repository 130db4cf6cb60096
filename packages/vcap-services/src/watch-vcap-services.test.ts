import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { watchVcapServices, type VcapServices } from './index.js'

const home = mkdtempSync(join(tmpdir(), 'vcap-watch-'))
afterAll(() => rmSync(home, { recursive: true }))

// A read of the source after a change is what is waited for, so the interval is short and no time is asserted.
const intervalMs = 5
const deadline = () => AbortSignal.timeout(20_000)

/** Replaces the files of a binding as Kubernetes does: a new folder, and a link that is moved to it. */
function project(root: string, generation: string, password: string): void {
  const folder = join(root, 'db', `..${generation}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'type'), 'redis')
  writeFileSync(join(folder, 'password'), password)
  symlinkSync(`..${generation}`, join(root, 'db', '..data.new'))
  renameSync(join(root, 'db', '..data.new'), join(root, 'db', '..data'))
}

function makeRoot(name: string): string {
  const root = join(home, name)
  project(root, '1', 'first')
  for (const file of ['type', 'password']) symlinkSync(`..data/${file}`, join(root, 'db', file))
  return root
}

async function next(watch: AsyncGenerator<VcapServices>): Promise<VcapServices> {
  const { value } = await watch.next()
  if (value === undefined) throw new Error('the watch has ended')
  return value as VcapServices
}

describe('watchVcapServices', () => {
  it('yields the services, and again when their files were replaced', async () => {
    const root = makeRoot('rotated')
    const watch = watchVcapServices({ env: { SERVICE_BINDING_ROOT: root }, signal: deadline(), intervalMs })
    expect((await next(watch)).credentials('db').password).toBe('first')
    project(root, '2', 'second')
    expect((await next(watch)).credentials('db').password).toBe('second')
    await watch.return()
  })

  it('is ended by its signal, also while it waits', async () => {
    const ended = new AbortController()
    const watch = watchVcapServices({ env: { VCAP_SERVICES: '{}' }, signal: ended.signal, intervalMs: 3_600_000 })
    expect((await next(watch)).all).toEqual([])
    const waiting = watch.next()
    ended.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  it('does not begin once the signal was given', async () => {
    const watch = watchVcapServices({ env: {}, signal: AbortSignal.abort() })
    expect(await watch.next()).toEqual({ done: true, value: undefined })
  })

  it('survives one failed read, and gives up at the second', async () => {
    const root = makeRoot('broken')
    const watch = watchVcapServices({ env: { SERVICE_BINDING_ROOT: root }, signal: deadline(), intervalMs })
    await next(watch)
    rmSync(join(root, 'db', '..data'))
    await expect(watch.next()).rejects.toMatchObject({ code: 'UNREADABLE' })
  })

  it.each([
    [{ env: {} }, 'NOT_SET'],
    [{ env: { VCAP_SERVICES: '{}' }, intervalMs: 0 }, 'INVALID_OPTION'],
    [{ env: { VCAP_SERVICES: '{}' }, intervalMs: Number.NaN }, 'INVALID_OPTION'],
  ])('refuses %j with %s', async (options, code) => {
    await expect(watchVcapServices({ ...options, signal: deadline() }).next()).rejects.toMatchObject({ code })
  })
})
