import { assertUrl, readTls } from '../broker-target.js'
import { doneText, presentBroker } from '../present.js'
import { needPassword } from '../read-password.js'
import { defineVerb } from '../verb.js'
import { withPlatform } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME USER [PASSWORD] URL',
  options: {},
  details:
    'PASSWORD may be left out, and better is: OSB_BROKER_PASSWORD, CF_BROKER_PASSWORD, --password-stdin or a prompt give\nit without showing it to others.',
  example: 'osb create-service-broker collector admin http://127.0.0.1:8080',
  run: (context) =>
    withPlatform(context, async (platform) => {
      const { args, note, signal } = context
      const [name = '', username] = args
      const url = args.at(-1) ?? ''
      assertUrl(url)
      const password = await needPassword(context, args.length === 4 ? args[2] : undefined)
      note(`Creating service broker ${name} as ${platform.state().user.name}...`)
      const { ca, skipsTlsValidation } = readTls(context)
      const broker = await platform.createBroker({ name, username, password, url, ca, skipsTlsValidation }, signal)
      note(`TIP: nobody may order from it yet: "osb enable-service-access OFFERING" changes that.`)
      return { json: { broker: presentBroker(broker) }, text: doneText() }
    }),
})
