import { findKey } from '../../platform/find.js'
import { presentBinding } from '../present.js'
import { defineVerb } from '../verb.js'
import { readState } from '../read-state.js'

export const verb = defineVerb({
  arguments: 'NAME KEY',
  options: { guid: { type: 'boolean', help: 'print the guid and nothing else' } },
  example: 'osb service-key records admin --show-secrets',
  async run(context) {
    const [instance = '', name = ''] = context.args
    const state = readState(context)
    const key = findKey(state, instance, name)
    if (context.values.guid === true) return { json: { guid: key.guid }, text: `${key.guid}\n` }
    const shown = presentBinding(state, key, context.values['show-secrets'] === true)
    if (context.values['show-secrets'] !== true) context.note('Secrets are hidden; --show-secrets shows them.')
    return { json: { key: shown }, text: `${JSON.stringify({ credentials: shown.credentials }, undefined, 2)}\n` }
  },
})
