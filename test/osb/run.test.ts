import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHome, root, startOsb } from './support/run-osb.js'
import { type CollectorBroker, startCollector } from './support/start-collector.js'

const home = makeHome()
let broker: CollectorBroker
let env: Record<string, string>

beforeAll(async () => {
  broker = await startCollector('embedded')
  env = { ...home.env, OSB_URL: broker.url, OSB_USERNAME: 'admin', OSB_PASSWORD: broker.password }
}, 120_000)
afterAll(async () => {
  await broker.stop()
  home.remove()
})

const run = (options: readonly string[], ...command: string[]) =>
  startOsb(['run', 'app', '--bind', 'collector:normal', ...options, '--', ...command], env)

/** An app that says when it runs, and then does what its argument says. */
const script = (rest: string) => `console.log('running', Object.keys(JSON.parse(process.env.VCAP_SERVICES)));${rest}`
const node = (rest: string) => [process.execPath, '-e', script(rest)]

async function untilRunning({ child }: ReturnType<typeof startOsb>): Promise<void> {
  let text = ''
  child.stdout?.on('data', (more: string) => (text += more))
  for (let waited = 0; !text.includes('running'); waited++) {
    if (waited > 600 || child.exitCode !== null) throw new Error(`the app does not run: ${text}`)
    await sleep(50)
  }
}

/** Nothing on record, nothing in the broker, no file of bindings. */
async function expectNothing(): Promise<void> {
  const { stdout } = await startOsb(['services', '--json'], env).ended
  expect(JSON.parse(stdout)).toEqual({ instances: [] })
  const brokers = JSON.parse((await startOsb(['service-brokers', '--json'], env).ended).stdout) as { brokers: [] }
  expect(brokers.brokers).toEqual([])
  expect(readdirSync(home.folder)).not.toContainEqual(expect.stringContaining('osb-bindings-'))
  if (existsSync(join(home.folder, 'state'))) expect(readdirSync(join(home.folder, 'state'))).toEqual(['state.json'])
}

describe('osb run', { timeout: 120_000 }, () => {
  it('gives an app its service, and takes it away', async () => {
    const { code, stdout, stderr } = await run(['--json'], process.execPath, 'examples/collector-app').ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^collector-app: wrote 100 records and read the same back/)
    const { ordered, exit_code } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      ordered: { guid: string; name: string }[]
      exit_code: number
    }
    expect({ exit_code, names: ordered.map(({ name }) => name) }).toEqual({ exit_code: 0, names: ['app-collector'] })
    expect(await broker.leftovers(ordered.map(({ guid }) => guid))).toEqual([])
    await expectNothing()
  })

  it.each([
    ['the exit code of the command', node('process.exit(7)'), 7],
    ['the signal that ended the command', node("process.kill(process.pid, 'SIGTERM')"), 143],
    ['that it cannot be started', ['/no/such/program'], 127],
  ])('ends with %s, and leaves nothing', async (_what, command, code) => {
    expect(await run([], ...command).ended).toMatchObject({ code })
    await expectNothing()
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('passes %s on to the command, and leaves nothing', async (signal, code) => {
    const running = run([], ...node('setInterval(() => {}, 1000)'))
    await untilRunning(running)
    running.child.kill(signal)
    expect(await running.ended).toMatchObject({ code })
    await expectNothing()
  })

  it('takes away what was ordered when it is interrupted before the command runs', async () => {
    const running = run([], ...node(''))
    for (let waited = 0; waited < 600; waited++) {
      const { stdout } = await startOsb(['services', '--json'], env).ended
      if ((JSON.parse(stdout) as { instances: [] }).instances.length > 0) break
      await sleep(20)
    }
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect([143, 0]).toContain(code)
    if (code === 143) expect(stdout).toBe('')
    await expectNothing()
  })

  it.each([
    ['file', 'VCAP_SERVICES_FILE_PATH'],
    ['folders', 'SERVICE_BINDING_ROOT'],
  ])('gives the services as %s', async (delivery, variable) => {
    const program = `
      const { readVcapServices } = require(${JSON.stringify(join(root, 'packages/vcap-services/src/index.ts'))})
      const { uri } = readVcapServices().credentials({ label: 'collector' })
      console.log(process.env.${variable} !== undefined, process.env.VCAP_SERVICES, uri.startsWith('http'))`
    const given = await run(['--services-as', delivery], process.execPath, '-e', program).ended
    expect(given).toMatchObject({ code: 0, stdout: 'true undefined true\n' })
    await expectNothing()
  })

  it('keeps passwords of brokers to itself', async () => {
    const names = 'OSB_PASSWORD OSB_BROKER_PASSWORD CF_BROKER_PASSWORD OSB_URL'.split(' ')
    const program = `console.log(${JSON.stringify(names)}.filter((name) => name in process.env).join())`
    const { stdout } = await startOsb(['run', 'app', '--', process.execPath, '-e', program], env).ended
    expect(stdout).toBe('OSB_URL\n')
  })

  it('keeps what was ordered with --keep', async () => {
    expect(await run(['--keep'], ...node('')).ended).toMatchObject({ code: 0 })
    const { stdout } = await startOsb(['env', 'app', '--json'], env).ended
    expect(JSON.parse(stdout)).toMatchObject({ VCAP_SERVICES: { collector: [{ instance_name: 'app-collector' }] } })
    expect(await startOsb(['delete-service', 'app-collector'], env).ended).toMatchObject({ code: 0 })
    await startOsb(['delete-app', 'app'], env).ended
    await expectNothing()
  })
})
