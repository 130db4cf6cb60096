import { forceOption, onceAgreed } from '../force-option.js'
import { doneText } from '../present.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: forceOption,
  example: 'osb delete-service-broker collector -f',
  run: (context) => {
    const [name = ''] = context.args
    return onceAgreed(context, `delete service broker ${name}`, () =>
      withPlatform(context, async (platform) => {
        context.note(`Deleting service broker ${name} as ${platform.state().user.name}...`)
        await platform.deleteBroker(name)
        return { json: { deleted: { type: 'broker', name } }, text: doneText() }
      }),
    )
  },
})
