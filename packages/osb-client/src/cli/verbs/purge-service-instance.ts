import { forceOption, onceAgreed } from '../force-option.js'
import { doneText, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: forceOption,
  details: 'Forgets an instance and its bindings without a word to the broker: for when that is gone for good.',
  example: 'osb purge-service-instance records -f',
  run: (context) => {
    const [name = ''] = context.args
    return onceAgreed(context, `purge service instance ${name}`, () =>
      withPlatform(context, async (platform) => {
        context.note(`Purging service instance ${name} in ${whereIn(platform.state())}...`)
        await platform.purgeInstance(name)
        return { json: { purged: { instances: [name] } }, text: doneText() }
      }),
    )
  },
})
