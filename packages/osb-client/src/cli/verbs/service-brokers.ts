import { presentBroker } from '../present.js'
import { readState } from '../read-state.js'
import { formatTable } from '../table.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: '',
  options: {},
  example: 'osb service-brokers',
  async run(context) {
    const { brokers } = readState(context)
    const rows = brokers.map(({ name, url, isRegistered }) => [name, url, isRegistered ? '' : 'not registered'])
    return {
      json: { brokers: brokers.map(presentBroker) },
      text:
        rows.length === 0 ? 'No service brokers found\n' : formatTable(['name', 'url', 'status'], rows, context.stdout),
    }
  },
})
