import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { embeddedEngine } from './embedded-engine.js'

const program = `
import { embeddedEngine } from '${new URL('./embedded-engine.ts', import.meta.url).href}'
const engine = embeddedEngine({ folder: process.argv[1] })
await engine.ensureContainer({
  name: 'service', labels: {}, image: '', network: '', ports: { main: 80 }, mounts: [], user: { uid: 999, gid: 999 },
  limits: {}, embedded: { folder: '/' },
  process: ({ ports }) => ({ command: ['node', '-e', 'require("http").createServer((q, s) => s.end("alive")).listen(' + ports.main + ', "127.0.0.1")'] }),
})
process.kill(process.pid, 'SIGKILL')
`

it.skipIf(process.platform === 'win32')(
  'a service outlives the SIGKILL of its broker, and the next broker finds and removes it',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'osb-death-'))
    const engine = embeddedEngine({ folder })
    try {
      const args = ['--conditions=@osb/source', '--import=tsx', '--input-type=module', '-e', program, folder]
      const broker = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
      expect(await once(broker, 'exit')).toEqual([null, 'SIGKILL'])
      const status = await engine.inspectContainer('service')
      expect(status?.state).toBe('running')
      const url = `http://127.0.0.1:${status?.ports['main']}/`
      await expect
        .poll(async () => (await fetch(url).catch(() => undefined))?.text(), { timeout: 10_000 })
        .toBe('alive')
      await engine.remove({ kind: 'container', name: 'service' })
      await expect(fetch(url)).rejects.toThrow()
      expect(await engine.list()).toEqual([])
    } finally {
      await engine.remove({ kind: 'container', name: 'service' })
      await rm(folder, { recursive: true, force: true })
    }
  },
)
