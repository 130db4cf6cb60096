import { bindingsOf, findInstance } from '../../platform/find.js'
import { presentBinding, presentInstance } from '../present.js'
import { formatPairs, formatTable, type TableSpace } from '../table.js'
import { defineVerb } from '../verb.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: { guid: { type: 'boolean', help: 'print the guid and nothing else' } },
  example: 'osb service records\nosb service records --guid',
  run: (context) =>
    withBrokers(context, async (platform) => {
      await platform.refresh(context.signal)
      const state = platform.state()
      const instance = findInstance(state, context.args[0] ?? '')
      const shown = presentInstance(state, instance)
      const bindings = bindingsOf(state, instance).map((binding) => presentBinding(state, binding, false))
      if (context.values.guid === true) return { json: { guid: instance.guid }, text: `${instance.guid}\n` }
      const pairs: [string, string][] = [
        ['name', shown.name],
        ['guid', shown.guid],
        ['type', shown.type],
        ['broker', shown.broker ?? ''],
        ['offering', shown.offering ?? ''],
        ['plan', shown.plan ?? ''],
        ['tags', shown.tags.join(', ')],
        ['dashboard url', shown.dashboard_url ?? ''],
        ['last operation', `${shown.last_operation.type} ${shown.last_operation.state}`],
        ['message', shown.last_operation.description ?? ''],
        ['updated', shown.last_operation.updated_at],
      ]
      return {
        json: { instance: shown, bindings },
        text: `${formatPairs(pairs)}\n${formatBindings(bindings, context.stdout)}`,
      }
    }),
})

function formatBindings(bindings: readonly ReturnType<typeof presentBinding>[], space: TableSpace): string {
  if (bindings.length === 0) return 'No apps are bound, and there are no keys.\n'
  const rows = bindings.map(({ type, app, name, last_operation, guid }) => [
    type,
    app ?? '',
    name ?? '',
    `${last_operation.type} ${last_operation.state}`,
    guid,
  ])
  return formatTable(['type', 'app', 'name', 'last operation', 'guid'], rows, space)
}
