import { presentTarget, targetText } from '../present-target.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: '',
  options: {
    org: { type: 'string', short: 'o', value: 'ORG', help: 'the organization to work in; made where there is none' },
    space: { type: 'string', short: 's', value: 'SPACE', help: 'the space to work in; made where there is none' },
  },
  example: 'osb target -o yeyun-org -s yeyun-space',
  run: (context) =>
    withPlatform(context, async (platform) => {
      const { org: organization, space } = context.values
      if (organization !== undefined || space !== undefined) await platform.setTarget({ organization, space })
      const state = platform.state()
      return { json: presentTarget(state), text: targetText(state) }
    }),
})
