import { doneText, presentInstance, whereIn } from '../present.js'
import { readUserProvided, userProvidedOptions } from '../user-provided-options.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: userProvidedOptions,
  example: `osb create-user-provided-service mail -p '{"uri":"smtp://mail.example:25"}'`,
  run: (context) =>
    withPlatform(context, async (platform) => {
      const [name = ''] = context.args
      const given = await readUserProvided(context)
      context.note(`Creating user-provided service instance ${name} in ${whereIn(platform.state())}...`)
      const instance = await platform.createUserProvided(name, given)
      return { json: { instance: presentInstance(platform.state(), instance) }, text: doneText() }
    }),
})
