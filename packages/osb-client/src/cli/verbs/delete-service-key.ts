import { forceOption, onceAgreed } from '../force-option.js'
import { doneText, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME KEY',
  options: { ...forceOption, ...waitOptions },
  example: 'osb delete-service-key records admin -f',
  run: (context) => {
    const [instance = '', name = ''] = context.args
    return onceAgreed(context, `delete service key ${name} of service instance ${instance}`, () =>
      withBrokers(context, async (platform) => {
        const doing = `Deleting service key ${name} of service instance ${instance} in ${whereIn(platform.state())}`
        await operate(context, doing, (options) => platform.deleteKey(instance, name, options))
        return { json: { deleted: { type: 'key', name, instance } }, text: doneText() }
      }),
    )
  },
})
