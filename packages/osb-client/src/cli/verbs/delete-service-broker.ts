import { forceOption } from '../force-option.js'
import { doneText } from '../present.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: forceOption,
  example: 'osb delete-service-broker collector -f',
  run: (context) =>
    withPlatform(context, async (platform) => {
      const [name = ''] = context.args
      context.note(`Deleting service broker ${name} as ${platform.state().user.name}...`)
      await platform.deleteBroker(name)
      return { json: { deleted: { type: 'broker', name } }, text: doneText() }
    }),
})
