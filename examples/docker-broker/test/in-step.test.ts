import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const read = (name: string) => readFile(path(name), 'utf8')
const command = fileURLToPath(new URL('../../../packages/docker-provisioner/src/docker-broker.ts', import.meta.url))
const source = ['--conditions=@osb/source', '--import', 'tsx']
const secrets = { OSB_PASSWORD: 'a-password', OSB_ENCRYPTION_KEY: randomBytes(32).toString('base64') }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osb-example-'))
  for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder, `${name}.pem`), 'none')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the command says to a line; `serve` becomes `check`, which reads the same file, and no engine answers. */
function say(line: readonly string[], environment: Readonly<Record<string, string>>) {
  const args = line.map((part) => (part === 'serve' ? 'check' : part.replace('/etc/docker-broker/', path(''))))
  const { PATH = '' } = process.env
  const env = { PATH, DOCKER_HOST: `unix://${folder}/none.sock`, ...secrets, ...environment }
  return new Promise<string>((resolve) => {
    execFile(process.execPath, [...source, command, ...args], { env, cwd: path('') }, (_error, out, err) =>
      resolve(out + err),
    )
  })
}

/** Of an engine that does not answer all may be said, and nothing of the file or the line. */
function expectGood(said: string) {
  const errors = said.split('\n').filter((line) => line !== '' && !line.startsWith('warning:'))
  expect(errors).toEqual([expect.stringMatching(/^error: .*: engine: the engine does not answer: /)])
}

/** `A=1 B=2` as an object. */
function variables(line: string): Record<string, string> {
  const pairs = line
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split('='))
  return Object.fromEntries(pairs.map(([name = '', ...value]) => [name, value.join('=')]))
}

describe('the files of examples/docker-broker', { timeout: 60_000 }, () => {
  it('Dockerfile: its command and variables are what docker-broker and broker.yaml take', async () => {
    const lines = (await read('Dockerfile')).replaceAll('\\\n', '').split('\n')
    const of = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? ''
    const [program, ...args] = JSON.parse(of('CMD')) as string[]
    expect([program, of('USER')]).toEqual(['docker-broker', 'node'])
    const { PATH: _, ...environment } = variables(of('ENV'))
    expectGood(await say(args, environment))
    const health = /CMD (\[.*\])/.exec(of('HEALTHCHECK'))?.[1] ?? ''
    expect((JSON.parse(health) as string[])[2]).toContain('/health')
  })

  it('docker-broker.service: its commands and variables are, too', async () => {
    const lines = (await read('docker-broker.service')).split('\n').filter((line) => !line.startsWith('#'))
    const of = (key: string) =>
      lines.flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []))
    const environment = Object.assign({}, ...of('Environment').map(variables)) as Record<string, string>
    const commands = [...of('ExecStartPre'), ...of('ExecStart')].map((line) => line.split(' '))
    expect(commands.map(([program, name]) => [program, name])).toEqual([
      ['/usr/local/bin/docker-broker', 'check'],
      ['/usr/local/bin/docker-broker', 'serve'],
    ])
    for (const [, ...args] of commands) expectGood(await say(args, environment))
  })

  it('manifest.yml: health check, services and command fit to what is served and started', async () => {
    const manifest = parse(await read('manifest.yml')) as { applications: Record<string, unknown>[] }
    const [app = {}] = manifest.applications
    expect(app).toMatchObject({ 'health-check-type': 'http', 'health-check-http-endpoint': '/health', instances: 1 })
    expect(Object.keys(app['env'] as object).sort()).toEqual(Object.keys(secrets).sort())
    const [node, script = '', ...args] = String(app['command']).split(' ')
    expect([node, script]).toEqual(['node', 'src/start.js'])

    // In place of the command, one that shows what it was given.
    const stand = join(folder, 'docker-broker')
    const show = `
      const { readFileSync, statSync } = require('node:fs'), { env } = process, key = env.DOCKER_CERTIFICATES + '/key.pem'
      console.log(JSON.stringify({ args: process.argv.slice(2), env, key: readFileSync(key, 'utf8'), mode: statSync(key).mode & 0o777 }))`
    await writeFile(stand, `#!${process.execPath}\n${show}\n`)
    await chmod(stand, 0o755)
    const credentials = { host: 'docker.example.com', publish_host: '10.0.0.7', ca: 'a', cert: 'c', key: 'the key' }
    const uri = 'postgres://user:secret@db.example.com:5432/state'
    const VCAP_SERVICES = JSON.stringify({
      postgresql: [{ name: 'broker-state', label: 'postgresql', tags: ['postgresql'], credentials: { uri } }],
      'user-provided': [{ name: 'docker-host', label: 'user-provided', tags: ['docker'], credentials }],
    })
    const started = spawn(process.execPath, ['--conditions=@osb/source', '--import', 'tsx', path(script), ...args], {
      env: { PATH: `${folder}:${process.env['PATH']}`, VCAP_SERVICES, PORT: '9000', ...secrets },
      cwd: path(''),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const shown = JSON.parse(await text(started.stdout)) as {
      args: string[]
      env: Record<string, string>
      key: string
      mode: number
    }
    expect(shown).toMatchObject({ args, key: 'the key', mode: 0o600 })
    expect(new URL(shown.env['DATABASE_URL'] ?? '').host).toBe('db.example.com:5432')
    expect(JSON.stringify(args)).not.toContain('secret')
    const { PORT = '', DATABASE_URL = '', DOCKER_ENGINE_HOST = '', DOCKER_PUBLISH_HOST = '' } = shown.env
    const environment = {
      PORT,
      DATABASE_URL,
      DOCKER_ENGINE_HOST: '127.0.0.1',
      DOCKER_PUBLISH_HOST,
      DOCKER_CERTIFICATES: folder,
    }
    expect(DOCKER_ENGINE_HOST).toBe('docker.example.com')
    expectGood(await say(args, environment))
  })
})
