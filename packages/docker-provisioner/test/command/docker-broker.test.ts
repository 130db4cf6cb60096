import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/command/run-command.js'

const main = fileURLToPath(new URL('../../src/docker-broker.ts', import.meta.url))
const environment = { OSB_PASSWORD: 'the-password', OSB_ENCRYPTION_KEY: randomBytes(32).toString('base64') }

/** Needs no Docker. */
const file = `
name: test-broker
listen: { port: 0 }
login: { username: platform, password: '\${OSB_PASSWORD}' }
store: { sqlite: ./broker.db }
encryptionKey: '\${OSB_ENCRYPTION_KEY}'
engine: { kind: embedded, folder: ./services }
lenient: true
offerings:
  - recipe: redis
    id: 5d5f9b1e-9d0c-4c8a-9a51-0d5f4f0f0c01
    name: redis
    description: A Redis server
    plans:
      - { id: 5d5f9b1e-9d0c-4c8a-9a51-0d5f4f0f0c02, name: small, description: 64 MB, memoryMb: 64 }
`

let folder: string
let config: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-command-'))
  config = join(folder, 'broker.yaml')
  await writeFile(config, file)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(...args: string[]) {
  let [out, err] = ['', '']
  const code = await runCommand(args, {
    environment,
    out: (text) => (out += text),
    err: (text) => (err += text),
    untilEnded: async () => {},
  })
  return { code, out, err }
}

describe('docker-broker', () => {
  it('check tells what is good and what to know', async () => {
    const { code, out, err } = await run('check', '--config', config)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /warning: .*broker\.yaml:\d+:\d+: engine\.kind: embedded holds no limits.*\n.*broker\.yaml is good/,
    )
  })

  it('check finds what the file alone does not show', async () => {
    const other = join(folder, 'other.yaml')
    const offering = file.slice(file.indexOf('  - recipe'))
    await writeFile(
      other,
      file.replace('{ kind: embedded, folder: ./services }', '{ kind: docker, socketPath: /nowhere }') + offering,
    )
    const { code, err } = await run('check', '--config', other)
    expect(code).toBe(1)
    // The first offering begins in line 10; the second, which is the same, in line 16.
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^error: .*other\.yaml:17:9: offerings\.1\.id: two service offerings have the id .*\(CAT-21\)$/,
      ),
      expect.stringMatching(/^error: .*other\.yaml:18:11: offerings\.1\.name: two service offerings .*\(CAT-18\)$/),
      expect.stringMatching(/^error: .*other\.yaml:21:15: offerings\.1\.plans\.0\.id: .*\(CAT-30\)$/),
      expect.stringMatching(/^error: .*other\.yaml:7:9: engine: the engine does not answer: /),
    ])
  })

  it('check refuses bounds that nothing holds', async () => {
    const other = join(folder, 'bounds.yaml')
    await writeFile(other, file.replace('memoryMb: 64', 'memoryMb: 64, diskMb: 100'))
    expect((await run('check', '--config', other)).err).toMatch(
      /^error: .*bounds\.yaml:\d+:\d+: offerings\.0\.plans\.0\.diskMb: embedded cannot bound a volume; leave it out\n$/,
    )
    const container = `
  - recipe: container
    image: own:1
    id: own
    name: own
    description: An image of its own
    ports: { http: 80 }
    ready: [{ port: http }]
    credentials: {}
    plans: [{ id: own-small, name: small, description: Small, storageMb: 10 }]`
    await writeFile(other, `${file}${container}`)
    expect((await run('check', '--config', other)).err).toMatch(
      /^error: .*bounds\.yaml:\d+:\d+: offerings\.1: recipe own: it cannot hold the storageMb of the plan small/,
    )
  })

  it('says what it does not understand, with 2', async () => {
    expect(await run('servee')).toMatchObject({ code: 2, err: expect.stringContaining('no command servee') as string })
    expect(await run('check', '--nonsense')).toMatchObject({ code: 2 })
    expect((await run('--help')).out).toContain('docker-broker serve')
  })

  it('prints a JSON Schema that has every setting', async () => {
    const schema = JSON.parse((await run('schema')).out) as { properties: object; additionalProperties: boolean }
    expect(schema.additionalProperties).toBe(false)
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['name', 'listen', 'login', 'offerings']))
  })

  it('init writes a file, and never over one', async () => {
    const made = join(folder, 'made.yaml')
    expect((await run('init', '--config', made)).code).toBe(0)
    expect(await readFile(made, 'utf8')).toContain('recipe: postgresql')
    expect(await run('init', '--config', made)).toMatchObject({
      code: 1,
      err: expect.stringContaining('exists and is left as it is') as string,
    })
  })

  it('serve answers platforms, /health and /metrics, and ends in order at SIGTERM', { timeout: 60_000 }, async () => {
    const args = ['--conditions=@osb/source', '--import', 'tsx', main, 'serve', '--config', config]
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: Record<string, unknown>[] = []
    const listening = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const parsed = JSON.parse(line) as Record<string, unknown>
        lines.push(parsed)
        if (parsed['message'] === 'listening') resolve(String(parsed['url']))
      })
    })
    try {
      const url = await listening
      const authorization = `Basic ${Buffer.from('platform:the-password').toString('base64')}`
      expect((await fetch(`${url}/v2/catalog`)).status, 'lenient or not, without a login').toBe(401)
      const catalog = await fetch(`${url}/v2/catalog`, { headers: { authorization } })
      expect(await catalog.json()).toMatchObject({ services: [{ name: 'redis', plans: [{ name: 'small' }] }] })
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'up' })
      const metrics = await (await fetch(`${url}/metrics`)).text()
      expect(metrics).toContain('osb_request_duration_seconds_count{operation="catalog",status="200"} 1')
      expect(metrics).toContain('\nosb_engine_up 1\n')
    } finally {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    }
    expect(child.exitCode).toBe(0)
    expect(lines.at(-1)).toMatchObject({ message: 'ended' })
    expect(JSON.stringify(lines)).not.toContain('the-password')
    expect((await run('reconcile', '--config', config)).out).toBe('0 instances on record, 0 not as they should be\n')
  })
})
