import { forceOption, onceAgreed } from '../force-option.js'
import { doneText, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'APP',
  options: forceOption,
  details: 'Its bindings are deleted first; the instances stay.',
  example: 'osb delete-app shop -f',
  run: (context) => {
    const [name = ''] = context.args
    return onceAgreed(context, `delete app ${name}`, () =>
      withBrokers(context, async (platform) => {
        const doing = `Deleting app ${name} in ${whereIn(platform.state())}`
        await operate(context, doing, (options) => platform.deleteApp(name, options))
        return { json: { deleted: { type: 'app', name } }, text: doneText() }
      }),
    )
  },
})
