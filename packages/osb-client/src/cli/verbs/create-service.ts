import { doneText, presentInstance, whereIn } from '../present.js'
import { readList, readParameters } from '../read-parameters.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withOffers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'OFFERING PLAN NAME',
  options: {
    broker: {
      type: 'string',
      short: 'b',
      value: 'BROKER',
      help: 'of this broker, where several have such an offering',
    },
    config: { type: 'string', short: 'c', value: 'JSON|FILE|-', help: 'parameters: an object, a file, @FILE, or -' },
    tags: { type: 'string', short: 't', value: 'a,b', help: 'tags of the instance' },
    ...waitOptions,
  },
  example: `osb create-service collector normal records\nosb create-service collector normal records -c '{"size":3}' -t a,b`,
  run: (context) =>
    withOffers(context, async (platform) => {
      const [offering = '', plan = '', name = ''] = context.args
      const { broker, config, tags } = context.values
      const parameters = await readParameters(context, '-c', config)
      const where = whereIn(platform.state())
      const order = { offering, plan, name, broker, parameters, tags: readList(tags) }
      const instance = await operate(context, `Creating service instance ${name} in ${where}`, (options) =>
        platform.createInstance(order, options),
      )
      const isOver = instance.last_operation.state === 'succeeded'
      return {
        json: { instance: presentInstance(platform.state(), instance) },
        text: doneText(isOver ? `Service instance ${name} created.` : 'Create in progress.'),
      }
    }),
})
