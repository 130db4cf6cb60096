import { forceOption, onceAgreed } from '../force-option.js'
import { doneText } from '../present.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'OFFERING',
  options: {
    broker: {
      type: 'string',
      short: 'b',
      value: 'BROKER',
      help: 'of this broker, where several have such an offering',
    },
    ...forceOption,
  },
  details: 'Forgets an offering and all its instances without a word to the broker: for when that is gone for good.',
  example: 'osb purge-service-offering collector -f',
  run: (context) => {
    const [offering = ''] = context.args
    return onceAgreed(context, `purge service offering ${offering} with all its instances`, () =>
      withPlatform(context, async (platform) => {
        context.note(`Purging service offering ${offering}...`)
        const instances = await platform.purgeOffering(offering, context.values.broker)
        return { json: { purged: { offering, instances } }, text: doneText() }
      }),
    )
  },
})
