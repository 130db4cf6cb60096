import { assertUrl, readTls } from '../broker-target.js'
import { doneText, presentBroker } from '../present.js'
import { needPassword } from '../read-password.js'
import { defineVerb } from '../verb.js'
import { usageError } from '../cli-error.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME [USER] [PASSWORD] [URL]',
  options: {},
  details: 'With NAME alone, its catalog is read again. With USER and URL the login changes, too.',
  example: 'osb update-service-broker collector\nosb update-service-broker collector admin http://127.0.0.1:8081',
  run: (context) =>
    withPlatform(context, async (platform) => {
      const { args, note, signal } = context
      const [name = '', username] = args
      if (args.length === 2)
        throw usageError('update-service-broker needs USER and URL, or neither', 'Leave USER out, or give the URL.')
      const changes = args.length === 1 ? {} : await newAddress()
      note(`Updating service broker ${name} as ${platform.state().user.name}...`)
      const broker = await platform.updateBroker({ name, ...changes }, signal)
      return { json: { broker: presentBroker(broker) }, text: doneText() }

      async function newAddress() {
        const url = args.at(-1) ?? ''
        assertUrl(url)
        const password = await needPassword(context, args.length === 4 ? args[2] : undefined)
        const { ca, skipsTlsValidation } = readTls(context)
        return { url, username, password, ca, skipsTlsValidation }
      }
    }),
})
