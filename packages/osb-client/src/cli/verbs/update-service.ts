import { usageError } from '../cli-error.js'
import { doneText, presentInstance, whereIn } from '../present.js'
import { readList, readParameters } from '../read-parameters.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: {
    plan: { type: 'string', short: 'p', value: 'PLAN', help: 'another plan of the offering' },
    config: { type: 'string', short: 'c', value: 'JSON|FILE|-', help: 'parameters: an object, a file, @FILE, or -' },
    tags: { type: 'string', short: 't', value: 'a,b', help: 'tags of the instance, in place of those it has' },
    ...waitOptions,
  },
  example: 'osb update-service records -p large',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const [name = ''] = context.args
      const { plan, config, tags } = context.values
      const parameters = await readParameters(context, '-c', config)
      if (plan === undefined && parameters === undefined && tags === undefined)
        throw usageError('update-service was not told what to change', 'Give -p PLAN, -c PARAMETERS or -t TAGS.')
      const where = whereIn(platform.state())
      const instance = await operate(context, `Updating service instance ${name} in ${where}`, (options) =>
        platform.updateInstance(name, { plan, parameters, tags: readList(tags) }, options),
      )
      const isOver = instance.last_operation.state !== 'in progress'
      return {
        json: { instance: presentInstance(platform.state(), instance) },
        text: doneText(isOver ? `Service instance ${name} updated.` : 'Update in progress.'),
      }
    }),
})
