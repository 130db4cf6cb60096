import { forceOption, onceAgreed } from '../force-option.js'
import { doneText, presentInstance, whereIn } from '../present.js'
import { defineVerb } from '../verb.js'
import { operate, waitOptions } from '../wait-options.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: 'NAME',
  options: { ...forceOption, ...waitOptions },
  details: 'To the maintenance version that the plan has by now. "osb services" tells where an upgrade is available.',
  example: 'osb update-service-broker collector\nosb upgrade-service records',
  run: (context) => {
    const [name = ''] = context.args
    return onceAgreed(context, `upgrade service instance ${name}`, () =>
      withBrokers(context, async (platform) => {
        const where = whereIn(platform.state())
        const instance = await operate(context, `Upgrading service instance ${name} in ${where}`, (options) =>
          platform.upgradeInstance(name, options),
        )
        const isOver = instance.last_operation.state !== 'in progress'
        return {
          json: { instance: presentInstance(platform.state(), instance) },
          text: doneText(isOver ? `Service instance ${name} upgraded.` : 'Upgrade in progress.'),
        }
      }),
    )
  },
})
