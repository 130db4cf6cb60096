import { bindingsOf, findInstance } from '../../platform/find.js'
import { operationText, presentBinding } from '../present.js'
import { formatTable } from '../table.js'
import { defineVerb } from '../verb.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: {},
  example: 'osb service-keys records',
  run: (context) =>
    withBrokers(context, async (platform) => {
      await platform.refresh(context.signal)
      const state = platform.state()
      const [name = ''] = context.args
      const keys = bindingsOf(state, findInstance(state, name)).filter(({ type }) => type === 'key')
      const rows = keys.map((key) => [key.name ?? '', operationText(key.last_operation)])
      const showsSecrets = context.values['show-secrets'] === true
      return {
        json: { keys: keys.map((key) => presentBinding(state, key, showsSecrets)) },
        text:
          rows.length === 0
            ? `No service keys for service instance ${name}\n`
            : formatTable(['name', 'last operation'], rows, context.stdout),
      }
    }),
})
