import { usageError } from '../cli-error.js'
import { doneText, presentBinding, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'APP [NAME]',
  options: {
    'keep-last': { type: 'string', value: 'NUMBER', help: 'how many bindings of each instance stay (default: 1)' },
    ...waitOptions,
  },
  details: 'Of several bindings of an app to one instance, the newest stay: what a rotation leaves is removed.',
  example: 'osb cleanup-outdated-service-bindings shop records',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const [app = '', instance] = context.args
      const keepLast = Number(context.values['keep-last'] ?? '1')
      if (!Number.isInteger(keepLast) || keepLast < 1)
        throw usageError('--keep-last is no number of bindings', 'Give a whole number from 1 on.')
      const state = platform.state()
      const removed = await operate(
        context,
        `Removing outdated bindings of app ${app} in ${whereIn(state)}`,
        (options) => platform.removeOutdated(app, { instance, keepLast }, options),
      )
      const shown = removed.map((binding) => presentBinding(state, binding, false))
      return { json: { removed: shown }, text: doneText(`${removed.length} removed.`) }
    }),
})
