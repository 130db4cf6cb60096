import type { ServiceOffering, ServicePlan } from 'osb-protocol'
import { mayOrder } from '../../platform/find.js'
import type { BrokerRecord, PlatformState } from '../../platform/state.js'
import { CliError } from '../cli-error.js'
import { readState } from '../read-state.js'
import { formatTable, type TableSpace } from '../table.js'
import { defineVerb, type VerbContext } from '../verb.js'

export const verb = defineVerb({
  arguments: '',
  options: {
    offering: { type: 'string', short: 'e', value: 'OFFERING', help: 'the plans of this offering' },
    broker: { type: 'string', short: 'b', value: 'BROKER', help: 'of this broker only' },
  },
  example: 'osb marketplace\nosb marketplace -e collector',
  async run(context) {
    const { columns } = context.stdout
    const space = { columns }
    const extra = await givenBroker(context)
    const { offering: name, broker } = context.values
    const all = offeringsIn(readState(context), extra).filter((each) => broker === undefined || each.broker === broker)
    if (name === undefined) {
      if (all.length > 0) context.note('TIP: "osb marketplace -e OFFERING" tells of its plans.')
      return { json: { offerings: all.map(present) }, text: formatOfferings(all, space) }
    }
    const found = all.filter(({ offering }) => offering.name === name)
    if (found.length === 0)
      throw new CliError(
        'NOT_FOUND',
        `there is no service offering ${name} that you may order`,
        'Run "osb service-access" to see whether access is enabled.',
      )
    return { json: { offerings: found.map(present) }, text: found.map((each) => formatPlans(each, space)).join('\n') }
  },
})

/** What asks brokers is imported only where one was given that is not registered. */
async function givenBroker(context: VerbContext): Promise<BrokerRecord | undefined> {
  const { values, env, signal } = context
  if ((values.url ?? env['OSB_URL'] ?? '') === '') return undefined
  const { withBrokers } = await import('../with-platform.js')
  return withBrokers(context, (platform) => platform.readUnregistered(signal))
}

interface Offered {
  readonly broker: string
  readonly offering: ServiceOffering
  readonly plans: readonly ServicePlan[]
}

function offeringsIn(state: PlatformState, extra: BrokerRecord | undefined): Offered[] {
  // One that was given by flags alone, and is here for its instances, can only be ordered from when it is given again.
  const brokers = state.brokers.filter(({ isRegistered }) => isRegistered)
  return [...brokers, ...(extra ? [extra] : [])].flatMap((broker) =>
    broker.catalog.services
      .map((offering) => ({
        broker: broker.name,
        offering,
        plans: offering.plans.filter(({ id }) => mayOrder(state, broker, id)),
      }))
      .filter(({ plans }) => plans.length > 0),
  )
}

function present({ broker, offering, plans }: Offered) {
  const { name, description, tags = [], bindable } = offering
  const shown = plans.map((plan) => ({ name: plan.name, description: plan.description, free: plan.free ?? true }))
  return { name, broker, description, tags, bindable, plans: shown }
}

function formatOfferings(all: readonly Offered[], space: TableSpace): string {
  if (all.length === 0) return 'No service offerings found\n'
  const rows = all.map(({ broker, offering, plans }) => [
    offering.name,
    plans.map(({ name }) => name).join(', '),
    offering.description,
    broker,
  ])
  return formatTable(['offering', 'plans', 'description', 'broker'], rows, space)
}

function formatPlans({ broker, plans }: Offered, space: TableSpace): string {
  const rows = plans.map(({ name, description, free }) => [name, description, free === false ? 'paid' : 'free'])
  return `broker: ${broker}\n${formatTable(['plan', 'description', 'free or paid'], rows, { ...space, indent: '   ' })}`
}
