import type { Platform } from '../../platform/open-platform.js'
import type { Run, RunService } from '../../platform/runs.js'
import { appVariables, deliveries, type Delivery } from '../app-variables.js'
import { usageError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { InterruptedBy } from '../interrupted-by.js'
import { printError } from '../print-error.js'
import { withProgress } from '../progress.js'
import { runChild } from '../run-child.js'
import { defineVerb, type VerbContext } from '../verb.js'
import { withOffers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'APP',
  takesCommand: true,
  options: {
    bind: {
      type: 'string',
      multiple: true,
      value: 'OFFERING:PLAN[:NAME]',
      help: 'order this for the run, bound to the app; may be repeated',
    },
    broker: { type: 'string', short: 'b', value: 'BROKER', help: 'to order from, where several have such an offering' },
    keep: { type: 'boolean', help: 'keep what was ordered' },
    'services-as': { type: 'string', value: 'env|file|folders', help: 'how the app gets its services (default: env)' },
  },
  details:
    'Runs a command with the environment of a pushed app: with what is bound to the app, and with what is ordered for\nthe run. Signals go on to the command, and its exit code is that of osb. What was ordered goes away at the end.',
  example: 'osb run shop --bind collector:normal -- node app.js\nosb run shop -- npm start',
  run: (context) => {
    const services = (context.values.bind ?? []).map((text) => serviceOf(text, context.values.broker))
    const delivery = deliveryOf(context.values['services-as'] ?? 'env')
    if (context.command.length === 0)
      throw usageError('run needs a command behind --', 'For example: osb run shop -- npm start.')
    return withOffers(context, (platform) => runApp(context, platform, services, delivery))
  },
})

function serviceOf(text: string, broker: string | undefined): RunService {
  const [offering = '', plan = '', name, ...more] = text.split(':')
  if (offering !== '' && plan !== '' && name !== '' && more.length === 0) return { offering, plan, name, broker }
  throw usageError(`--bind ${text} names no plan`, 'Give --bind OFFERING:PLAN, such as --bind collector:normal.')
}

function deliveryOf(text: string): Delivery {
  const delivery = deliveries.find((each) => each === text)
  if (delivery) return delivery
  throw usageError(`there is no --services-as ${text}`, `Give one of ${deliveries.join(', ')}.`)
}

async function runApp(
  context: VerbContext<{ readonly keep?: boolean }>,
  platform: Platform,
  services: readonly RunService[],
  delivery: Delivery,
) {
  const { args, command, env, values } = context
  const [app = ''] = args
  const run = await platform.beginRun(app)
  const ordered: Ordered[] = []
  let isDone = false
  let code: number = exitCodes.failed
  try {
    for (const service of services) ordered.push(await order(context, run, service))
    const variables = appVariables(platform.state(), app, env, delivery)
    try {
      code = await runChild(context, command, variables.env)
      isDone = true
    } finally {
      variables.dispose()
    }
  } finally {
    if (isDone && values.keep === true) await run.keep()
    else if (!(await endRun(context, run, services.length > 0)) && code === 0) code = exitCodes.failed
  }
  return { json: { app, command, ordered, exit_code: code, kept: values.keep === true }, text: '', exitCode: code }
}

/** What was ordered, as `--json` shows it. */
interface Ordered {
  readonly guid: string
  readonly name: string
  readonly offering: string
  readonly plan: string
}

async function order(context: VerbContext, run: Run, service: RunService): Promise<Ordered> {
  const { signal } = context
  const { offering, plan } = service
  const { guid, name } = await withProgress(context, `Ordering ${offering} ${plan}`, (onProgress) =>
    run.order(service, { signal, onProgress }),
  )
  return { guid, name, offering, plan }
}

/** Takes away what was ordered, whatever has happened; a further signal leaves the rest to `osb cleanup`. */
async function endRun(context: VerbContext, run: Run, hasServices: boolean): Promise<boolean> {
  const giveUp = new AbortController()
  const stop = context.onSignal((name) => giveUp.abort(new InterruptedBy(name)))
  const { signal } = giveUp
  try {
    if (!hasServices) await run.end({ signal })
    else await withProgress(context, 'Taking away what was ordered', (onProgress) => run.end({ signal, onProgress }))
    return true
  } catch (error) {
    await printError(error, { ...context, json: context.values.json === true })
    context.note('Run "osb cleanup" to take away the rest.')
    return false
  } finally {
    stop()
  }
}
