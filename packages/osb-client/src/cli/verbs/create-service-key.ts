import { doneText, presentBinding, whereIn } from '../present.js'
import { readParameters } from '../read-parameters.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME KEY',
  options: {
    config: { type: 'string', short: 'c', value: 'JSON|FILE|-', help: 'parameters: an object, a file, @FILE, or -' },
    ...waitOptions,
  },
  details: 'A key is a binding that belongs to no app: credentials for a person or a tool.',
  example: 'osb create-service-key records admin',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const [instance = '', name = ''] = context.args
      const parameters = await readParameters(context, '-c', context.values.config)
      const doing = `Creating service key ${name} for service instance ${instance} in ${whereIn(platform.state())}`
      const binding = await operate(context, doing, (options) => platform.bind({ instance, name, parameters }, options))
      const shown = presentBinding(platform.state(), binding, context.values['show-secrets'] === true)
      return { json: { key: shown }, text: doneText() }
    }),
})
