import { presentBroker } from '../present.js'
import { formatTable } from '../table.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: '',
  options: {},
  example: 'osb service-brokers',
  run: (context) =>
    withPlatform(context, async (platform) => {
      const { brokers } = platform.state()
      const rows = brokers.map(({ name, url, isRegistered }) => [name, url, isRegistered ? '' : 'not registered'])
      return {
        json: { brokers: brokers.map(presentBroker) },
        text: rows.length === 0 ? 'No service brokers found\n' : formatTable(['name', 'url', 'status'], rows),
      }
    }),
})
