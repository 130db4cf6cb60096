import type { OptionSpecs, ValuesOf } from './option-specs.js'
import { doneText } from './present.js'
import type { Shown, VerbContext } from './verb.js'
import { withPlatform } from './with-platform.js'

export const accessOptions = {
  plan: { type: 'string', short: 'p', value: 'PLAN', help: 'this plan only' },
  org: { type: 'string', short: 'o', value: 'ORG', help: 'this organization only' },
  broker: { type: 'string', short: 'b', value: 'BROKER', help: 'of this broker, where several have such an offering' },
} as const satisfies OptionSpecs

/** What `enable-service-access` and `disable-service-access` share. */
export function changeAccess(
  context: VerbContext<ValuesOf<typeof accessOptions>>,
  what: 'enable' | 'disable',
): Promise<Shown> {
  return withPlatform(context, async (platform) => {
    const { args, values, note } = context
    const [offering = ''] = args
    const { plan, org: organization, broker } = values
    const plans = plan === undefined ? 'all plans' : `plan ${plan}`
    const orgs = organization === undefined ? 'all orgs' : `org ${organization}`
    const doing = what === 'enable' ? 'Enabling' : 'Disabling'
    note(`${doing} access to ${plans} of service offering ${offering} for ${orgs} as ${platform.state().user.name}...`)
    const change = { offering, plan, organization, broker }
    await (what === 'enable' ? platform.enableAccess(change) : platform.disableAccess(change))
    return { json: { access: { ...change, enabled: what === 'enable' } }, text: doneText() }
  })
}
