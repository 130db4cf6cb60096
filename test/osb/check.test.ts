import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { basicAuth, createBroker, defineOffering, definePlan, memoryStore } from 'osb-server'
import { toNodeHandler } from 'osb-server/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHome, startOsb } from './support/run-osb.js'

const login = { username: 'checker', password: 'a-password-of-the-login' }
const home = makeHome()
const instances = new Set<string>()
let slow = false
let breaks = false

const broker = createBroker({
  auth: basicAuth(login),
  store: memoryStore(),
  syncWindowMs: 20,
  drainMs: 0,
  offerings: [
    defineOffering({
      id: '0b6b1c6a-0a7b-4d9e-8a8d-3c8f0f6a0001',
      name: 'notes',
      description: 'Notes.',
      bindable: false,
      plans: [definePlan({ id: '0b6b1c6a-0a7b-4d9e-8a8d-3c8f0f6a0002', name: 'small', description: 'Small.' })],
      async provision({ instance_id }) {
        instances.add(instance_id)
        if (slow) await sleep(300)
      },
      deprovision({ instance_id }) {
        instances.delete(instance_id)
        return Promise.resolve()
      },
    }),
  ],
})
const handle = toNodeHandler(broker)
const server = createServer((request, response) => {
  // A broker that mixes up 404 and 410.
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => typeof response
  response.writeHead = (status: number, ...rest: unknown[]) =>
    writeHead(breaks && status === 410 ? 404 : status, ...rest)
  handle(request, response)
})
let env: Record<string, string>

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  env = { ...home.env, OSB_URL: url, OSB_USERNAME: login.username, OSB_PASSWORD: login.password }
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await broker.close()
  home.remove()
})

const check = (...args: string[]) => startOsb(['check', ...args], env)
const records = () => {
  const folder = join(home.folder, 'state', 'checks')
  return existsSync(folder) ? readdirSync(folder) : []
}

describe('osb check', { timeout: 120_000 }, () => {
  it('checks a broker, writes reports, and leaves nothing', async () => {
    const file = (name: string) => join(home.folder, name)
    const files = ['--junit', file('report.xml'), '--html', file('report.html'), '--markdown', file('report.md')]
    const { code, stdout, stderr } = await check('--yes', '--only', 'PROV', ...files).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('notes / small') as string })
    expect(stdout).toContain('Provision')
    expect(readFileSync(file('report.xml'), 'utf8')).toContain('<testsuite')
    expect(readFileSync(file('report.html'), 'utf8')).toContain('<!doctype html>')
    expect(readFileSync(file('report.md'), 'utf8')).toContain('| Provision |')
    for (const text of [stdout, stderr, readFileSync(file('report.html'), 'utf8')])
      expect(text).not.toContain(login.password)
    expect([...instances]).toEqual([])
    expect(records()).toEqual([])
  })

  it('exits with 1 where a MUST is broken, and says so as JSON', async () => {
    breaks = true
    try {
      const { code, stdout } = await check('--yes', '--only', 'DEP', '--json').ended
      const report = JSON.parse(stdout) as { verdict: string; results: object[] }
      expect(code).toBe(1)
      expect(report.verdict).toBe('does not conform')
      expect(report.results).toContainEqual(expect.objectContaining({ check: 'DEP-16', outcome: 'fail' }))
    } finally {
      breaks = false
    }
  })

  it('creates nothing that nobody has agreed to', async () => {
    const { code, stderr } = await check('--only', 'PROV').ended
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--yes') as string })
    const few = await check('--yes', '--max-instances', '0').ended
    expect(few.stderr).toContain('--max-instances allows 0')
    expect(few.code).toBe(2)
  })

  it('reads only with --safe', async () => {
    const { code, stderr } = await check('--safe').ended
    expect({ code, asked: stderr.includes('instances are created') }).toEqual({ code: 0, asked: false })
  })

  it('exits with 2 where there is no broker', async () => {
    const { code, stderr } = await check('http://127.0.0.1:9/').ended
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('GET /v2/catalog') as string })
  })

  it('takes the word of a command for what is left in the back end', async () => {
    const { code, stderr } = await check('--yes', '--only', 'PROV-13', '--leftovers-command', 'echo volume-7').ended
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('volume-7') as string })
    const told = await check('--yes', '--json', '--only', 'PROV-13', '--leftovers-command', 'echo volume-7').ended
    expect(JSON.parse(told.stdout)).toMatchObject({ leftInBackEnd: ['volume-7'] })
  })

  it('cleans up after Ctrl-C', async () => {
    slow = true
    const run = check('--yes', '--only', 'PROV')
    await untilSome()
    run.child.kill('SIGINT')
    expect((await run.ended).code).toBe(130)
    slow = false
    expect([...instances]).toEqual([])
    expect(records()).toEqual([])
  })

  it('leaves to "osb cleanup" what it could not delete as it was killed', async () => {
    slow = true
    const run = check('--yes', '--only', 'PROV')
    await untilSome()
    run.child.kill('SIGKILL')
    await run.ended
    slow = false
    expect(records()).toHaveLength(2)
    const { code, stdout } = await startOsb(['cleanup'], env).ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('osb check') as string })
    expect([...instances]).toEqual([])
    expect(records()).toEqual([])
  })
})

async function untilSome(): Promise<void> {
  for (let waited = 0; instances.size === 0; waited++) {
    if (waited > 600) throw new Error('nothing was created')
    await sleep(50)
  }
}
