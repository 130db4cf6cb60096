import { usageError } from '../cli-error.js'
import { generalHelp, verbHelp } from '../help.js'
import { defineVerb, findVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: '[VERB]',
  options: {},
  example: 'osb help create-service',
  async run({ args: [name], verbs }) {
    if (name === undefined) {
      const all = verbs.map(({ name: each, aliases, summary }) => ({ name: each, aliases, summary }))
      return { json: { verbs: all }, text: generalHelp(verbs) }
    }
    const entry = findVerb(verbs, name)
    if (!entry) throw usageError(`there is no verb ${JSON.stringify(name)}`, 'Run "osb help" to see all verbs.')
    const { verb: loaded } = await entry.load()
    const text = verbHelp(entry, loaded)
    return { json: { name: entry.name, aliases: entry.aliases, summary: entry.summary, help: text }, text }
  },
})
