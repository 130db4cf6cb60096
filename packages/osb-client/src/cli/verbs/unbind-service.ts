import { doneText, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'APP NAME',
  options: waitOptions,
  example: 'osb unbind-service shop records',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const [app = '', instance = ''] = context.args
      const doing = `Unbinding app ${app} from service instance ${instance} in ${whereIn(platform.state())}`
      await operate(context, doing, (options) => platform.unbindApp(app, instance, options))
      return { json: { deleted: { type: 'binding', app, instance } }, text: doneText() }
    }),
})
