import type { BrokerRecord, PlanAccess, PlatformState } from '../../platform/state.js'
import { readState } from '../read-state.js'
import type { OutStream } from '../surroundings.js'
import { formatTable } from '../table.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: '',
  options: {
    offering: { type: 'string', short: 'e', value: 'OFFERING', help: 'this offering only' },
    broker: { type: 'string', short: 'b', value: 'BROKER', help: 'of this broker only' },
    org: { type: 'string', short: 'o', value: 'ORG', help: 'plans that this organization may order only' },
  },
  example: 'osb service-access -e collector',
  async run(context) {
    const { offering, broker: brokerName, org } = context.values
    const state = readState(context)
    const brokers = state.brokers
      .filter(({ isRegistered, name }) => isRegistered && (brokerName === undefined || name === brokerName))
      .map((broker) => ({
        broker: broker.name,
        plans: plansOf(state, broker)
          .filter((plan) => offering === undefined || plan.offering === offering)
          .filter(({ access, orgs }) => org === undefined || access === 'all' || orgs.includes(org)),
      }))
    return {
      json: { brokers },
      text: brokers.map((each) => formatBroker(each, context.stdout)).join('\n') || 'No service brokers found\n',
    }
  },
})

interface PlanLine {
  readonly offering: string
  readonly plan: string
  readonly access: 'all' | 'limited' | 'none'
  readonly orgs: readonly string[]
}

function plansOf(state: PlatformState, { catalog, access }: BrokerRecord): PlanLine[] {
  return catalog.services.flatMap((offering) =>
    offering.plans.map((plan) => ({
      offering: offering.name,
      plan: plan.name,
      access: wordOf(access[plan.id]),
      orgs: state.organizations
        .filter(({ guid }) => access[plan.id]?.organization_guids.includes(guid))
        .map(({ name }) => name),
    })),
  )
}

function wordOf(access: PlanAccess | undefined): PlanLine['access'] {
  if (access?.everyone === true) return 'all'
  return access && access.organization_guids.length > 0 ? 'limited' : 'none'
}

function formatBroker(
  { broker, plans }: { readonly broker: string; readonly plans: readonly PlanLine[] },
  { columns }: OutStream,
): string {
  const rows = plans.map(({ offering, plan, access, orgs }) => [offering, plan, access, orgs.join(', ')])
  return `broker: ${broker}\n${formatTable(['offering', 'plan', 'access', 'orgs'], rows, { columns, indent: '   ' })}`
}
