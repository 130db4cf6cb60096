import { doneText, presentInstance, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME NEW_NAME',
  options: {},
  details: 'Brokers whose offering allows context updates are told.',
  example: 'osb rename-service records archive',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const [name = '', newName = ''] = context.args
      const doing = `Renaming service instance ${name} to ${newName} in ${whereIn(platform.state())}`
      const instance = await operate(context, doing, (options) => platform.renameInstance(name, newName, options))
      return { json: { instance: presentInstance(platform.state(), instance) }, text: doneText() }
    }),
})
