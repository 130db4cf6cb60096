// What the provisioner costs beside the engine's own calls: provision over create + start + ready of the same container
// with the same probe, bind over the bare command, and reconcile of 200 instances. Interleaved pairs with an A/A
// control. OSB_BENCH_PAIRS (default 20). Needs a Docker engine and the redis image of `npm run test:images`.
import { randomUUID } from 'node:crypto'
import { definePlan, type HandlerContext } from 'osb-server'
import { containerOptions } from '../src/engine/docker/container-options.js'
import { openDocker } from '../src/engine/docker/docker-client.js'
import type { Engine } from '../src/engine/engine.js'
import { dockerEngine, dockerOffering, labels, managedByUs, reconcile, redisRecipe } from '../src/index.js'
import { instanceResources } from '../src/offering/instance-resources.js'
import { waitUntilReady } from '../src/ready/wait-until-ready.js'
import { candidatePorts, defaultPortRange } from '../src/engine/ports.js'

const pairs = Number(process.env['OSB_BENCH_PAIRS'] ?? 20)
const bars = { provision: 1.25, bind: 1.3 }
const image = process.env['OSB_TEST_REDIS_IMAGE'] ?? 'osb-test/redis:debian'
const broker = `bench-${randomUUID()}`
const engine = dockerEngine()
const docker = openDocker()
const recipe = redisRecipe({ image, plans: { small: { memoryMb: 64, pids: 64 } } })
const plans = [definePlan({ id: 'small', name: 'small', description: 'for benches' })]
const offering = dockerOffering(recipe, { engine, broker, id: 'redis', name: 'redis', description: 'Redis', plans })
const secrets = { admin: 'a-secret-of-the-bench' }

const context = (): HandlerContext => ({
  tenant: '',
  signal: AbortSignal.timeout(300_000),
  attempt: 1,
  fencingToken: 1,
  progress: async () => {},
  checkpointed: undefined,
  checkpoint: async () => {},
})
const idsOf = (instance_id: string) => ({ service_id: 'redis', plan_id: 'small', plan_name: 'small', instance_id })

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function removeAll(): Promise<void> {
  for (const resource of await engine.list({ [labels.broker]: broker })) await engine.remove(resource)
}

/** The engine's own calls for the container, with network and volumes there already. */
async function bare(): Promise<number> {
  const resources = instanceResources(recipe, { broker, tenant: '', ...idsOf(randomUUID()) })
  await engine.ensureNetwork(resources.network)
  await engine.ensureVolumes(resources.volumes(image, secrets))
  const spec = resources.container(image, secrets, undefined)
  const [port = 0] = candidatePorts(spec.name, defaultPortRange)
  const signal = AbortSignal.timeout(120_000)
  const ms = await timed(async () => {
    const id = await docker.createContainer(containerOptions(spec, { redis: port }, { host: '127.0.0.1' }), signal)
    await docker.startContainer(id, signal)
    await waitUntilReady(engine, spec.name, recipe.ready, { timeoutMs: 60_000, signal })
  })
  await removeAll()
  return ms
}

async function provision(): Promise<number> {
  const ids = idsOf(randomUUID())
  const ms = await timed(() => offering.provision({ ...context(), ...ids, parameters: {} }))
  await removeAll()
  return ms
}

async function binds(): Promise<Record<'bare' | 'control' | 'ours', number[]>> {
  const ids = idsOf(randomUUID())
  const { state } = await offering.provision({ ...context(), ...ids, parameters: {} })
  const { names } = instanceResources(recipe, { broker, tenant: '', ...ids })
  const bareBind = () => timed(() => engineExec(engine, names.container, state.secrets['admin'] ?? ''))
  const ours = () => {
    const input = {
      ...context(),
      ...ids,
      binding_id: randomUUID(),
      parameters: {},
      instance: { ...ids, parameters: {}, state },
    }
    return timed(async () => offering.bind?.(input))
  }
  const found = await interleaved({ bare: bareBind, control: bareBind, ours })
  await removeAll()
  return found
}

/** The command of a bind, sent as the recipe sends it. */
async function engineExec(on: Engine, container: string, admin: string): Promise<void> {
  const user = `u${randomUUID().replaceAll('-', '')}`
  const stdin = `AUTH osb-admin ${admin}\nACL SETUSER ${user} reset on >x ~* &* +@all -@admin\nACL SAVE\n`
  await on.exec(container, ['redis-cli', '-p', '6379'], { stdin })
}

async function interleaved<Name extends string>(work: Readonly<Record<Name, () => Promise<number>>>) {
  const names = Object.keys(work) as Name[]
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < pairs; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) found[name].push(await work[name]())
  }
  return found
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Where the control is off by more than half of what the bar leaves, nothing can be said. */
function report(what: 'provision' | 'bind', found: Record<'bare' | 'control' | 'ours', number[]>): void {
  const ratioTo = (name: 'control' | 'ours') =>
    median(found[name].map((value, index) => value / (found.bare[index] ?? Number.NaN)))
  const [ratio, control, bar] = [ratioTo('ours'), ratioTo('control'), bars[what]]
  const inconclusive = Math.abs(control - 1) > (bar - 1) / 2
  const verdict = inconclusive ? 'inconclusive' : ratio <= bar ? 'reached' : 'MISSED'
  const ms = (name: 'bare' | 'ours') => `${Math.round(median(found[name]))} ms`
  console.log(
    `${what.padEnd(10)} bare ${ms('bare')}, ours ${ms('ours')}: ${ratio.toFixed(2)} × (at most ${bar}), A/A ${control.toFixed(2)}: ${verdict}`,
  )
  if (verdict === 'MISSED') process.exitCode = 1
}

async function reconcileOf(count: number): Promise<void> {
  let calls = 0
  const resources = Array.from({ length: count }, (_, index) => ({
    kind: 'container' as const,
    name: `c${index}`,
    labels: { [labels.managedBy]: managedByUs, [labels.instance]: `i${index}` },
    createdAtMs: 0,
    state: 'running' as const,
  }))
  const list: Engine['list'] = async () => {
    calls += 1
    return resources
  }
  const ms = await timed(() => reconcile({ ...engine, list }, []))
  console.log(`reconcile  ${count} instances: ${calls} listing, no inspect, ${ms.toFixed(1)} ms of our own`)
}

try {
  report('bind', await binds())
  report('provision', await interleaved({ bare, control: bare, ours: provision }))
  await reconcileOf(200)
} finally {
  await removeAll()
}
