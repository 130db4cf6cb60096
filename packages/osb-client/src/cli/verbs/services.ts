import { operationText, presentInstance } from '../present.js'
import { formatTable } from '../table.js'
import { defineVerb } from '../verb.js'
import { withBrokers } from '../with-platform.js'

const titles = ['name', 'offering', 'plan', 'bound apps', 'last operation', 'broker', 'upgrade available']

export const verb = defineVerb({
  arguments: '',
  options: {},
  details: 'Of operations that are in progress and that nobody waits for, brokers are asked how far they are.',
  example: 'osb services\nosb services --json',
  run: (context) =>
    withBrokers(context, async (platform) => {
      await platform.refresh(context.signal)
      const state = platform.state()
      const own = state.instances.filter(({ space_guid }) => space_guid === state.target.space_guid)
      const instances = own.map((instance) => presentInstance(state, instance))
      const rows = instances.map((each, at) => [
        each.name,
        each.offering ?? 'user-provided',
        each.plan ?? '',
        each.bound_apps.join(', '),
        own[at]?.type === 'managed' ? operationText(own[at].last_operation) : '',
        each.broker ?? '',
        each.type === 'managed' ? (each.upgrade_available ? 'yes' : 'no') : '',
      ])
      const text = rows.length === 0 ? 'No service instances found\n' : formatTable(titles, rows, context.stdout)
      return { json: { instances }, text }
    }),
})
