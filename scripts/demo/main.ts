import { type DemoOptions, readOptions, usage } from './options.js'
import { formatStep, summarise, tableHead } from './report.js'
import { dropOrder, newOrder, orderAndBind, type Order, useCollector, useRedis } from './scenario.js'
import { createStepRunner, describeError, type StepRunner } from './step-runner.js'
import { type DemoBroker, startDemoBroker } from './surroundings.js'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let options: DemoOptions | 'help'
  try {
    options = readOptions(args)
  } catch (error) {
    console.error(`${describeError(error)}\n\n${usage}`)
    return 2
  }
  if (options === 'help') {
    console.log(usage)
    return 0
  }
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interrupt.abort(new Error(`interrupted by ${signal}`)))
  return runDemo(options, interrupt.signal)
}

async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<number> {
  const say = (text: string) => {
    if (!options.json) console.log(text)
  }
  say(tableHead)
  const steps = createStepRunner(signal, (result) => say(formatStep(result, steps.results.length)))
  const ordered: string[] = []
  let kept: Order | undefined
  let broker: DemoBroker | undefined
  let passed = false
  let cleaned = true
  try {
    broker = await steps.run('start the broker', async () => {
      const started = await startDemoBroker(options, signal)
      return [`${started.url}, engine ${started.engine}`, started]
    })
    if (broker) kept = await runScenario(broker, steps, signal, ordered, options.keep)
    passed = true
  } catch {
    // The failed step has said why.
  }
  const keep = passed && options.keep
  if (keep) await broker?.release()
  else cleaned = await cleanUp(broker, ordered)
  if (!passed && cleaned) for (const id of ordered) say(`cleaned up: instance ${id}`)
  const engine = broker?.engine ?? options.engine ?? 'no engine'
  const summary = cleaned ? summarise(steps.results, engine) : 'demo: the clean-up failed'
  const left = keep && broker && kept ? { kept: describeKept(broker, kept) } : {}
  const report = { engine, passed: passed && cleaned, summary, steps: steps.results, ...left }
  if (options.json) console.log(JSON.stringify(report, undefined, 2))
  if (keep && broker && kept) say(howToCall(broker, kept))
  say(summary)
  return passed && cleaned ? 0 : 1
}

async function runScenario(
  broker: DemoBroker,
  steps: StepRunner,
  signal: AbortSignal,
  ordered: string[],
  keep: boolean,
): Promise<Order | undefined> {
  const surroundings = {
    client: broker.client,
    steps,
    signal,
    ordered: (id: string) => ordered.push(id),
    restartBroker: () => broker.restart(),
    leftovers: broker.leftovers,
  }
  const catalog = await steps.run('read the catalog', async () => {
    const answer = await broker.client.catalog({}, { signal })
    if (answer.outcome !== 'found') throw new Error('the broker sent no catalog')
    const names = answer.body.services.map(
      ({ name, plans }) => `${name} (${plans.map((plan) => plan.name).join(', ')})`,
    )
    return [names.join('; '), answer.body]
  })
  if (!catalog) return undefined
  const order: Order = newOrder(catalog, 'collector', 'normal')
  const credentials = await orderAndBind(surroundings, order)
  await useCollector(surroundings, order, credentials)
  if (!keep) await dropOrder(surroundings, order, credentials)
  await useRedis(surroundings, catalog)
  return order
}

async function cleanUp(broker: DemoBroker | undefined, ordered: readonly string[]): Promise<boolean> {
  try {
    await broker?.cleanUp(ordered)
    return true
  } catch (error) {
    console.error(`The clean-up failed: ${describeError(error)}`)
    return false
  }
}

/** What a machine needs to call the broker that was left running, and to end it. */
function describeKept({ url, username, password, folder, pid }: DemoBroker, order: Order) {
  const { instance_id, binding_id, service_id, plan_id } = order
  return { url, username, password, folder, pid: pid(), instance_id, binding_id, service_id, plan_id }
}

function howToCall({ url, username, password, folder, pid }: DemoBroker, order: Order): string {
  const curl = `curl -u ${username}:${password} -H 'X-Broker-API-Version: 2.17'`
  const instance = `${url}/v2/service_instances/${order.instance_id}`
  return [
    '',
    'The broker and the instance are left running. Call them:',
    `  ${curl} ${url}/v2/catalog`,
    `  ${curl} ${instance}`,
    `  ${curl} ${instance}/service_bindings/${order.binding_id}`,
    'Remove the instance, then end the broker and remove its state:',
    `  ${curl} -X DELETE '${instance}?service_id=${order.service_id}&plan_id=${order.plan_id}'`,
    `  kill ${pid()}; rm -r ${folder}`,
    '',
  ].join('\n')
}
