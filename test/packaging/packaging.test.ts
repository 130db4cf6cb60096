import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Consumer, compile, installPackages, otherZod, runCommand, runScript } from './consumer.js'

interface Loaded {
  readonly specifier: string
  readonly file: string
  readonly names: readonly string[]
}

let consumer: Consumer

beforeAll(async () => {
  consumer = await installPackages()
})

afterAll(async () => {
  if (consumer !== undefined) await rm(consumer.folder, { recursive: true, force: true })
})

const asEsm = (specifiers: readonly string[]) => `
  import { fileURLToPath } from 'node:url'
  const loaded = []
  for (const specifier of ${JSON.stringify(specifiers)}) {
    const names = Object.keys(await import(specifier)).filter((name) => name !== 'default')
    loaded.push({ specifier, file: fileURLToPath(import.meta.resolve(specifier)), names })
  }
  console.log(JSON.stringify(loaded))`

const asCommonJs = (specifiers: readonly string[]) => `
  const loaded = ${JSON.stringify(specifiers)}.map((specifier) =>
    ({ specifier, file: require.resolve(specifier), names: Object.keys(require(specifier)) }))
  console.log(JSON.stringify(loaded))`

const typed = (specifiers: readonly string[]) =>
  specifiers
    .map(
      (specifier, index) =>
        `import * as entry${index} from '${specifier}'\nexport type Names${index} = keyof typeof entry${index}`,
    )
    .join('\n')

/** Where a package's file lies in it: `dist` or `src`. */
const isBuilt = (file: string, specifier: string) =>
  file.startsWith(`${consumer.folder}/node_modules/${specifier.split('/')[0]}/dist/`)

it('every entry can be imported as ESM and required as CommonJS, gives the same names, and none resolves to src', async () => {
  const esm = await runScript<Loaded[]>(consumer, 'all.mjs', asEsm(consumer.specifiers))
  const commonJs = await runScript<Loaded[]>(consumer, 'all.cjs', asCommonJs(consumer.specifiers))
  expect(esm.map(({ specifier }) => specifier)).toEqual(consumer.specifiers)
  for (const [index, { specifier, file, names }] of esm.entries()) {
    expect(names, specifier).not.toEqual([])
    expect(commonJs[index]?.names.toSorted(), specifier).toEqual(names.toSorted())
    for (const resolved of [file, commonJs[index]?.file ?? '']) {
      expect(isBuilt(resolved, specifier), `${specifier} resolves to ${resolved}`).toBe(true)
    }
  }
})

it.each(['consumer.ts', 'consumer.cts'])(
  '%s compiles with the declarations checked, and reads none from src',
  async (file) => {
    const read = await compile(consumer, file, typed(consumer.specifiers))
    const ours = new Set(consumer.specifiers.map((specifier) => specifier.split('/')[0]))
    const fromUs = read.filter((path) => ours.has(/\/node_modules\/([^/]+)\//.exec(path)?.[1] ?? ''))
    expect(fromUs.length).toBeGreaterThanOrEqual(ours.size)
    expect(fromUs.filter((path) => !path.includes('/dist/'))).toEqual([])
  },
)

it('every command says how it is used', async () => {
  for (const command of consumer.commands) {
    expect(await runCommand(consumer, command, ['--help']), command).toContain(command)
  }
})

const bothCopies = `
  import { createRequire } from 'node:module'
  import { subscribe } from 'node:diagnostics_channel'
  import { inspect } from 'node:util'
  import * as esm from 'osb-server'
  import * as esmClient from 'osb-client'
  const require = createRequire(import.meta.url)
  const cjs = require('osb-server')
  const cjsNode = require('osb-server/node')
  const cjsClient = require('osb-client')
  let heard = 0
  subscribe('osb-server:outcome', () => { heard++ })
  const offering = esm.defineOffering({
    id: 's', name: 's', description: 's', bindable: false,
    plans: [esm.definePlan({ id: 'p', name: 'p', description: 'p' })],
    provision: async () => { throw cjs.OsbError.unprocessable('refused by the other copy') },
    deprovision: async () => {},
  })
  const password = cjs.secret('hunter2')
  const broker = esm.createBroker({
    offerings: [offering], auth: esm.basicAuth({ username: 'u', password }), store: cjs.memoryStore(), onError: () => {},
  })
  cjsNode.publishDiagnostics(broker)
  const client = cjsClient.createBrokerClient({
    url: 'http://broker.test', auth: { username: 'u', password: 'hunter2' },
    fetch: (url, init) => broker.fetch(new Request(url, init)),
  })
  const body = { instance_id: 'i', service_id: 's', plan_id: 'p', organization_guid: 'o', space_guid: 's' }
  const refused = await client.provision(body).catch((error) => error)
  await broker.close()
  console.log(JSON.stringify({
    copies: esm.OsbError !== cjs.OsbError,
    osbError: esm.isOsbError(cjs.OsbError.conflict('c')) && cjs.isOsbError(esm.OsbError.conflict('c')),
    secret: esm.isSecret(password),
    hidden: !inspect(password).includes('hunter2') && !JSON.stringify({ password }).includes('hunter2'),
    status: refused.status,
    clientError: esmClient.isBrokerResponseError(refused),
    heard,
  }))`

it('an ESM and a CommonJS copy in one process know and hide each others errors, secrets and events', async () => {
  const seen = await runScript<object>(consumer, 'copies.mjs', bothCopies)
  expect(seen).toEqual({
    copies: true,
    osbError: true,
    secret: true,
    hidden: true,
    status: 422,
    clientError: true,
    heard: 1,
  })
})

const withOtherZod = `
  import { createBroker, defineOffering, definePlan, memoryStore, noAuth } from 'osb-server'
  import { z } from '${otherZod}'
  const charset = z.enum(['utf8', 'latin1']).default('utf8')
  const small = definePlan({ id: 'p', name: 'p', description: 'p', parameters: { provision: z.object({ charset }) } })
  const seen/*: ('utf8' | 'latin1')[] */ = []
  const offering = defineOffering({
    id: 's', name: 's', description: 's', bindable: false, plans: [small],
    provision: async ({ parameters }) => { seen.push(parameters.charset) },
    deprovision: async () => {},
  })
  const broker = createBroker({ offerings: [offering], auth: noAuth(), store: memoryStore(), onError: () => {} })
  const send = (method/*: string */, path/*: string */, body/*?: unknown */) =>
    broker.fetch(new Request('http://broker.test' + path, {
      method, body: body === undefined ? null : JSON.stringify(body),
      headers: { 'X-Broker-API-Version': '2.17', 'Content-Type': 'application/json' },
    }))
  const ids = { service_id: 's', plan_id: 'p', organization_guid: 'o', space_guid: 's' }
  const catalog = await (await send('GET', '/v2/catalog')).text()
  const refused = await send('PUT', '/v2/service_instances/i', { ...ids, parameters: { charset: 'ascii' } })
  const created = await send('PUT', '/v2/service_instances/i', ids)
  await broker.close()
  console.log(JSON.stringify({
    published: catalog.includes('"enum":["utf8","latin1"]'), refused: refused.status, created: created.status, seen,
  }))`

it('parameters can be of another copy of zod, and are typed', async () => {
  await compile(
    consumer,
    'other-zod.ts',
    withOtherZod.replace(/\/\*(.*?)\*\//g, '$1').replace('body?: unknown ', 'body?: unknown'),
  )
  const seen = await runScript<object>(consumer, 'other-zod.mjs', withOtherZod)
  expect(seen).toEqual({ published: true, refused: 400, created: 201, seen: ['utf8'] })
})
