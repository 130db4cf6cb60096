import { usageError } from '../cli-error.js'
import { doneText, presentBinding, whereIn } from '../present.js'
import { readParameters } from '../read-parameters.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'APP NAME',
  options: {
    'binding-name': { type: 'string', short: 'n', value: 'NAME', help: 'by which the app finds the service' },
    config: { type: 'string', short: 'c', value: 'JSON|FILE|-', help: 'parameters: an object, a file, @FILE, or -' },
    strategy: { type: 'string', value: 'single|multiple', help: 'multiple: bind again though there is a binding' },
    ...waitOptions,
  },
  details:
    'The app exists from now on, if it did not before. A running one has to be started again to see its service.',
  example: 'osb bind-service shop records --binding-name archive',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const [app = '', instance = ''] = context.args
      const { 'binding-name': name, config, strategy = 'single' } = context.values
      if (strategy !== 'single' && strategy !== 'multiple')
        throw usageError(`there is no strategy ${strategy}`, 'Give --strategy single or --strategy multiple.')
      const parameters = await readParameters(context, '-c', config)
      const state = platform.state()
      const order = { instance, app, name, parameters, again: strategy === 'multiple' }
      const doing = `Binding service instance ${instance} to app ${app} in ${whereIn(state)}`
      const binding = await operate(context, doing, (options) => platform.bind(order, options))
      const isOld = state.bindings.some(({ guid }) => guid === binding.guid)
      if (!isOld) context.note(`TIP: "osb run ${app} -- COMMAND" starts a command with its services.`)
      const shown = presentBinding(platform.state(), binding, context.values['show-secrets'] === true)
      return {
        json: { binding: shown },
        text: doneText(isOld ? `App ${app} is already bound to service instance ${instance}.` : undefined),
      }
    }),
})
