import type { Scene } from '../scene.js'
import type { SceneContext, Target } from '../scene-context.js'
import { bodyOf, isSuccess, type Sent, statusText } from '../sent.js'

const fuzzedBodies = 12
const strangeBodies = 6

/** Input that no good platform sends: it is taken, or refused in good order. */
export const probeHostile: Scene = {
  name: 'probe-hostile',
  title: 'ids, bodies and headers that no good platform sends',
  kind: 'probe',
  // An id of strange characters, one for its case, and whatever else is taken for good.
  instances: 2 + strangeBodies + fuzzedBodies,
  checks: [
    'URL-03',
    'probe:hostile-ids',
    'probe:ids-case',
    'probe:hostile-bodies',
    'probe:hostile-headers',
    'probe:fuzzed-bodies',
    'probe:plan-of-other-offering',
    'probe:secrets-in-errors',
  ],
  async play(context) {
    await playIds(context)
    await playCase(context)
    await playBodies(context)
    await playHeaders(context)
    await playFuzzed(context)
    await playOtherOffering(context)
    await playSecrets(context)
  },
}

/** Neither a fault of the broker nor none at all. */
function expectOrder({ expect }: SceneContext, check: string, sent: Sent): void {
  const isRight = sent.status >= 200 && sent.status < 500
  expect(check, isRight, 'an answer that is not 5xx', statusText(sent), sent)
}

/** Waits for what was taken all the same, so that it can be deleted. */
async function settle(context: SceneContext, sent: Sent, target: Target): Promise<void> {
  if (sent.status === 202) await context.poll(sent, target)
}

const strangeIds = ['a b&c=d;e?f#g%h+i', 'ключ-鍵-🔑', "'; --", '..%2f..%2fetc', 'x'.repeat(5_000)]

async function playIds(context: SceneContext): Promise<void> {
  const { call, goodCall, newId, expect } = context
  for (const strange of strangeIds) {
    const target = { instance_id: `${newId()}${strange}` }
    const label = 'a delete of an id that was never made, with strange characters'
    const sent = await call('deprovision', goodCall('deprovision', target), { label })
    const isRight = sent.status >= 400 && sent.status < 500
    expect('probe:hostile-ids', isRight, '410, or 4xx where such ids are refused', statusText(sent), sent)
  }
  const base = newId()
  const [one, two] = [{ instance_id: `${base}/one` }, { instance_id: `${base}/two` }] as const
  const made = await call('provision', goodCall('provision', one), { label: 'a provision with a slash in its id' })
  expectOrder(context, 'probe:hostile-ids', made)
  if (!isSuccess(made)) return
  judgeDashboard(context, made, base)
  await settle(context, made, one)
  const label = 'a delete of another id, which differs after a slash'
  const sent = await call('deprovision', goodCall('deprovision', two), { label })
  const found = statusText(sent)
  expect('probe:hostile-ids', !isSuccess(sent), '410, as it is another instance', found, made, sent)
  await settle(context, sent, two)
}

/** Where a broker writes the id into a URL, the slash is not one of the path. */
function judgeDashboard({ expect, skip }: SceneContext, made: Sent, base: string): void {
  const { dashboard_url: url } = bodyOf(made)
  if (typeof url !== 'string' || !url.includes(base)) return skip('URL-03', 'the broker writes no URL with ids in it')
  expect('URL-03', !url.includes(`${base}/one`), `${base}%2Fone in the URL`, url, made)
}

async function playCase(context: SceneContext): Promise<void> {
  const { call, goodCall, newId, expect, skip } = context
  const target = { instance_id: `${newId().slice(0, -4)}abcd` }
  const made = await call('provision', goodCall('provision', target))
  if (!isSuccess(made)) return skip('probe:ids-case', `the provision was answered ${statusText(made)}`)
  await settle(context, made, target)
  await playStrangeUpdate(context, target)
  const other = { instance_id: target.instance_id.toUpperCase() }
  const label = 'a delete of the id in capitals'
  const sent = await call('deprovision', goodCall('deprovision', other), { label })
  expect('probe:ids-case', !isSuccess(sent), '410, as it is another id', statusText(sent), made, sent)
  await settle(context, sent, other)
}

/** An update to a plan of elsewhere. */
async function playStrangeUpdate(context: SceneContext, target: Target): Promise<void> {
  const { call, goodCall, plan, catalog, expect } = context
  const other = catalog.services.find(({ id }) => id !== plan.service_id)?.plans[0]
  if (!other || !plan.traits.planUpdateable) return
  const given = { ...goodCall('update', target), plan_id: other.id, parameters: undefined }
  const sent = await call('update', given, { label: 'an update to a plan of another offering' })
  expect('probe:plan-of-other-offering', sent.status >= 400 && sent.status < 500, '400', statusText(sent), sent)
  await settle(context, sent, target)
}

const depth = 2_000
const largeCharacters = 150_000

function strangeParameters(): Readonly<Record<string, string>> {
  return {
    'parameters that are nested deeply': `{"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    'parameters of 150,000 characters': `{"large":"${'x'.repeat(largeCharacters)}"}`,
    'parameters that name __proto__': '{"__proto__":{"osb-check":true},"constructor":{"prototype":{"osb-check":true}}}',
    'parameters with a null character': '{"null":"a\\u0000b"}',
    'parameters with half a character': '{"half":"\\ud800"}',
    'parameters with a huge number': '{"number":1e400}',
  }
}

async function playBodies(context: SceneContext): Promise<void> {
  const { call, goodCall, newId } = context
  for (const [what, parameters] of Object.entries(strangeParameters())) {
    const target = { instance_id: newId() }
    const good = goodCall('provision', target)
    const { service_id, plan_id, organization_guid, space_guid, context: place } = good
    const head = JSON.stringify({ service_id, plan_id, organization_guid, space_guid, context: place }).slice(0, -1)
    const rawBody = `${head},"parameters":${parameters}}`
    const sent = await call('provision', good, { label: `a provision with ${what}`, rawBody })
    expectOrder(context, 'probe:hostile-bodies', sent)
    await settle(context, sent, target)
  }
}

const strangeHeaders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an identity that is no Base64': { 'X-Broker-API-Originating-Identity': 'cloudfoundry ***' },
  'an identity of one part': { 'X-Broker-API-Originating-Identity': 'cloudfoundry' },
  'a request identity of 4,000 characters': { 'X-Broker-API-Request-Identity': 'x'.repeat(4_000) },
  'a version that is none': { 'X-Broker-API-Version': 'two.seventeen' },
  'a compression that is not there': { 'Content-Encoding': 'gzip', Accept: 'text/html;q=0.1' },
}

async function playHeaders(context: SceneContext): Promise<void> {
  const { call, goodCall, newId } = context
  for (const [what, headers] of Object.entries(strangeHeaders)) {
    const target = { instance_id: newId() }
    const sent = await call('deprovision', goodCall('deprovision', target), { label: `a delete with ${what}`, headers })
    expectOrder(context, 'probe:hostile-headers', sent)
  }
}

const strangeValues: readonly unknown[] = [null, true, 0, -1, 1e308, '', 'x'.repeat(300), [], [[]], {}, { a: 1 }]

async function playFuzzed(context: SceneContext): Promise<void> {
  const { call, goodCall, newId, random } = context
  const pick = <Value>(all: readonly Value[]) => all[Math.floor(random() * all.length)]
  for (let count = 0; count < fuzzedBodies; count++) {
    const target = { instance_id: newId() }
    const good = goodCall('provision', target)
    const names = [
      'service_id',
      'plan_id',
      'organization_guid',
      'space_guid',
      'context',
      'parameters',
      'maintenance_info',
    ]
    const { instance_id: _id, accepts_incomplete: _flag, binding_id: _binding, ...body } = good
    const name = pick(names) ?? 'parameters'
    const rawBody = { ...body, [name]: pick(strangeValues) }
    const sent = await call('provision', good, { label: `a provision with a strange ${name}`, rawBody })
    expectOrder(context, 'probe:fuzzed-bodies', sent)
    await settle(context, sent, target)
  }
}

async function playOtherOffering(context: SceneContext): Promise<void> {
  const { call, goodCall, newId, catalog, plan, expect, skip } = context
  const other = catalog.services.find(({ id }) => id !== plan.service_id)?.plans[0]
  if (!other) return skip('probe:plan-of-other-offering', 'there is one offering only')
  const target = { instance_id: newId() }
  const given = { ...goodCall('provision', target), plan_id: other.id }
  const sent = await call('provision', given, { label: 'a provision with a plan of another offering' })
  expect('probe:plan-of-other-offering', sent.status >= 400 && sent.status < 500, '400', statusText(sent), sent)
  await settle(context, sent, target)
}

async function playSecrets(context: SceneContext): Promise<void> {
  const { call, goodCall, newId, broker, expect } = context
  const secret = `osb-check-${newId()}`
  const good = goodCall('provision', { instance_id: newId() })
  const parameters = { password: secret }
  const sent = await call(
    'provision',
    { ...good, plan_id: undefined, parameters },
    { label: 'a provision without plan_id' },
  )
  const authorization = Object.entries(sent.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  const known = [secret, authorization, ...broker.secrets].filter((text) => typeof text === 'string' && text.length > 3)
  const leaks = known.some((text) => sent.text.includes(text as string))
  const found = leaks ? 'the answer repeats the parameters or the login' : 'neither'
  expect('probe:secrets-in-errors', !leaks, 'neither parameters nor login in an error', found, sent)
}
