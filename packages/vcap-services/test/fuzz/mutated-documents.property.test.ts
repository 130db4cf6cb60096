import fc from 'fast-check'
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { parseDump } from '../../src/dump.js'
import {
  deriveDatabaseUrl,
  isVcapError,
  readVcapApplication,
  readVcapServices,
  VcapError,
  type BoundService,
  type VcapServices,
} from '../../src/index.js'
import * as readers from '../../src/readers.js'
import { runVcap } from '../../src/cli/run-vcap.js'
import { marker, mutated } from './documents.js'

const runs = Number(process.env['OSB_FUZZ_RUNS'] ?? 2000)
const seed = Number(process.env['OSB_FUZZ_SEED'] ?? Date.now() & 0x7fffffff)
let exempted = 0
const everything = { depth: 12, showHidden: true } as const

/** What is called with each document. */
const acts: readonly ((text: string) => unknown)[] = [
  (text) => use(readVcapServices({ value: text, env: {} })),
  (text) => readVcapServices({ env: { VCAP_SERVICES: text }, strict: true }),
  (text) => readVcapApplication({ env: { VCAP_APPLICATION: text, CF_INSTANCE_PORTS: text } }),
  (text) => parseDump(text),
  (text) => parseDump(Buffer.from(text, 'utf16le')),
  (text) => use(readVcapServices({ env: parseDump(text).env })),
  (text) => readVcapApplication({ env: parseDump(text).env }),
]

it(
  'no mutated document makes anything throw but a VcapError, and no message shows a secret',
  { timeout: 3_600_000 },
  async () => {
    console.log(`fuzz: OSB_FUZZ_RUNS=${runs} OSB_FUZZ_SEED=${seed}`)
    const count = { read: 0, refused: 0 }
    const property = fc.asyncProperty(mutated, async (text) => {
      for (const act of acts) {
        const error = errorOf(() => act(text))
        if (error === undefined) count.read++
        else count.refused++
        expectNoSecret(error, text)
      }
      await checkCommand(text)
    })
    await fc.assert(property, { numRuns: runs, seed })
    console.log(
      `fuzz: ${runs} documents, ${count.read} calls that read them, ${count.refused} that refused, ${exempted} exceptions`,
    )
    expect(count.read).toBeGreaterThan(runs / 10)
    expect(count.refused).toBeGreaterThan(runs / 10)
    // The exceptions below are for accidents, and must not eat up the test.
    expect(exempted).toBeLessThan(count.refused / 20)
  },
)

/** The error of an act, which must be ours. */
function errorOf(act: () => unknown): VcapError | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof VcapError) return error
    throw error
  }
}

/** Selects and reads in every way, and shows what can be shown. */
function use(services: VcapServices): void {
  expectHidden(services)
  for (const act of [
    () => services.get('db'),
    () => services.get({ label: 'mysql' }),
    () => services.get('no such service'),
    () => services.allCredentials({ tag: 'sql' }, undefined, '/uri'),
    () => deriveDatabaseUrl(services),
  ]) {
    expectNoSecret(errorOf(act), '', services)
  }
  for (const service of services.all) useService(service, services)
}

const readersOfAll = [
  readers.readMysql,
  readers.readPostgres,
  readers.readRedis,
  readers.readRabbitmq,
  readers.readMongodb,
  readers.readSmtp,
  readers.readOauth,
  readers.readHttp,
]
const schema = {
  '~standard': { version: 1, validate: () => ({ issues: [{ path: ['uri'], message: marker }] }) },
} as const

function useService(service: BoundService, services: VcapServices): void {
  const { name } = service
  expectNoSecret(
    errorOf(() => name !== null && services.credentials(name, schema)),
    '',
    services,
  )
  for (const reader of readersOfAll) {
    const error = errorOf(() => expect(inspect(reader(service), everything)).not.toContain(marker))
    expectNoSecret(error, '', services)
  }
  const database = errorOf(() => readers.toMysqlUrl(readers.readMysql(service)))
  expectNoSecret(database, '', services)
}

/** A mutation can make a name or label of what was a credential, and names are shown. */
function isInANameOf(services: VcapServices | undefined): boolean {
  if (services === undefined) return false
  const named = services.all.map((service) => [
    [service.name, service.label, service.tags, service.plan, service.provider, service.volume_mounts],
    [service.instance_name, service.instance_guid, service.binding_name, service.binding_guid],
  ])
  const isOne = JSON.stringify(named).includes(marker)
  if (isOne) exempted++
  return isOne
}

function expectHidden(services: VcapServices): void {
  if (isInANameOf(services)) return
  for (const shown of [inspect(services, everything), JSON.stringify(services)]) expect(shown).not.toContain(marker)
}

function expectNoSecret(error: VcapError | undefined, text: string, services?: VcapServices): void {
  if (error === undefined || isInANameOf(services) || isAKeyOf(text)) return
  const shown = [error.message, error.stack, inspect(error, everything), JSON.stringify(error), String(error.cause)]
  expect(shown.join('\n')).not.toContain(marker)
}

/** Where a mutation made a key of it, such as a label, a path may name it. */
function isAKeyOf(text: string): boolean {
  const isOne = new RegExp(`${marker}[^"'\\n]*["']\\s*(?::|=>)`).test(text)
  if (isOne) exempted++
  return isOne
}

async function checkCommand(text: string): Promise<void> {
  let shown = ''
  const write = (part: string) => void (shown += part)
  const code = await runVcap(['show'], { env: { VCAP_SERVICES: text }, stdout: write, stderr: write })
  expect([0, 3]).toContain(code)
  const services = readable(text)
  if (!isInANameOf(services) && !isAKeyOf(text)) expect(shown).not.toContain(marker)
}

function readable(text: string): VcapServices | undefined {
  try {
    return readVcapServices({ value: text, env: {} })
  } catch (error) {
    if (isVcapError(error)) return undefined
    throw error
  }
}
