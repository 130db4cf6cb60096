import { doneText, presentInstance, whereIn } from '../present.js'
import { readUserProvided, userProvidedOptions } from '../user-provided-options.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: userProvidedOptions,
  example: `osb update-user-provided-service mail -t mail`,
  run: (context) =>
    withPlatform(context, async (platform) => {
      const [name = ''] = context.args
      const given = await readUserProvided(context)
      context.note(`Updating user-provided service instance ${name} in ${whereIn(platform.state())}...`)
      const instance = await platform.updateUserProvided(name, given)
      return { json: { instance: presentInstance(platform.state(), instance) }, text: doneText() }
    }),
})
