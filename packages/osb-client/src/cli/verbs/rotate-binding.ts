import { doneText, presentBinding, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'APP NAME',
  options: waitOptions,
  details: 'Makes the successor of a binding with fresh credentials. The old one goes on until it is removed.',
  example: 'osb rotate-binding shop records\nosb cleanup-outdated-service-bindings shop records',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const [app = '', instance = ''] = context.args
      const doing = `Rotating the binding of app ${app} to service instance ${instance} in ${whereIn(platform.state())}`
      const binding = await operate(context, doing, (options) => platform.rotateBinding(app, instance, options))
      context.note(`TIP: start the app again, then run "osb cleanup-outdated-service-bindings ${app} ${instance}".`)
      const shown = presentBinding(platform.state(), binding, context.values['show-secrets'] === true)
      return { json: { binding: shown }, text: doneText() }
    }),
})
