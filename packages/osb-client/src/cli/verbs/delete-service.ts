import { forceOption, onceAgreed } from '../force-option.js'
import { doneText, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: { ...forceOption, ...waitOptions },
  details: 'Its bindings and keys are deleted first.',
  example: 'osb delete-service records -f',
  run: (context) => {
    const [name = ''] = context.args
    return onceAgreed(context, `delete service instance ${name}`, () =>
      withBrokers(context, async (platform) => {
        const where = whereIn(platform.state())
        await operate(context, `Deleting service instance ${name} in ${where}`, (options) =>
          platform.deleteInstance(name, options),
        )
        const isGone = !platform.state().instances.some((each) => each.name === name)
        const text = doneText(isGone ? `Service instance ${name} deleted.` : 'Delete in progress.')
        return { json: { deleted: { type: 'instance', name }, in_progress: !isGone }, text }
      }),
    )
  },
})
