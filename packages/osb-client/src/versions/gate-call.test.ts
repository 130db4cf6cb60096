import { describe, expect, it } from 'vitest'
import { gateCall } from './gate-call.js'

const originatingIdentity = { platform: 'cloudfoundry', value: { user_id: 'u' } }
const provision = {
  instance_id: 'i',
  service_id: 's',
  plan_id: 'p',
  accepts_incomplete: true,
  context: { platform: 'cloudfoundry' },
  maintenance_info: { version: '1.0.0' },
  'x-vendor': 1,
}
const bind = {
  instance_id: 'i',
  binding_id: 'b',
  service_id: 's',
  plan_id: 'p',
  accepts_incomplete: true,
  context: { platform: 'cloudfoundry' },
  bind_resource: { app_guid: 'a', space_guid: 's', app_annotations: {}, credential_client_id: 'c', own: 1 },
}
const lastOperation = { instance_id: 'i', service_id: 's', plan_id: 'p', operation: 'o' }

/** The names that are left of the arguments, those of `bind_resource` with it. */
function leftOf(operation: Parameters<typeof gateCall>[0], call: object, minor: number): readonly string[] {
  const gated = gateCall(operation, { ...call }, {}, minor)
  if ('subject' in gated) throw new Error(`${gated.subject} needs 2.${gated.neededMinor}`)
  return Object.entries(gated.call).flatMap(([name, value]) =>
    name === 'bind_resource' ? Object.keys(value as object).map((inner) => `bind_resource.${inner}`) : [name],
  )
}

const namesOf = (call: object, ...without: string[]) => Object.keys(call).filter((name) => !without.includes(name))

describe('gateCall', () => {
  it('CTX-02: leaves out of a provision what came later', () => {
    expect(leftOf('provision', provision, 17)).toEqual(namesOf(provision))
    expect(leftOf('provision', provision, 15)).toEqual(namesOf(provision))
    expect(leftOf('provision', provision, 14)).toEqual(namesOf(provision, 'maintenance_info'))
    expect(leftOf('provision', provision, 12)).toEqual(namesOf(provision, 'maintenance_info'))
    expect(leftOf('provision', provision, 11)).toEqual(namesOf(provision, 'maintenance_info', 'context'))
  })

  it('CTX-02: leaves out of a bind what came later, fields within fields too', () => {
    const always = ['instance_id', 'binding_id', 'service_id', 'plan_id']
    const resource = ['bind_resource.app_guid', 'bind_resource.own']
    expect(leftOf('bind', bind, 16)).toHaveLength(6 + 5)
    expect(leftOf('bind', bind, 15)).toEqual([
      ...always,
      'accepts_incomplete',
      'context',
      'bind_resource.app_guid',
      'bind_resource.space_guid',
      'bind_resource.own',
    ])
    expect(leftOf('bind', bind, 13)).toEqual([...always, 'context', ...resource])
    expect(leftOf('bind', bind, 12)).toEqual([...always, ...resource])
  })

  it('sends no hints with a fetch before 2.16, and with polls always', () => {
    const { operation: _none, ...fetch } = lastOperation
    expect(leftOf('fetchInstance', fetch, 16)).toEqual(namesOf(fetch))
    expect(leftOf('fetchInstance', fetch, 15)).toEqual(['instance_id'])
    expect(leftOf('lastInstanceOperation', lastOperation, 11)).toEqual(namesOf(lastOperation))
  })

  it('does not touch the arguments of the caller', () => {
    const given = structuredClone(bind)
    gateCall('bind', given, {}, 11)
    expect(given).toEqual(bind)
  })

  it('sends the originating identity from 2.13 on, the request identity from 2.15 on', () => {
    const at = (minor: number) => {
      const gated = gateCall('catalog', {}, { originatingIdentity }, minor)
      return 'details' in gated ? [gated.details.originatingIdentity, gated.sendsRequestIdentity] : []
    }
    expect(at(15)).toEqual([originatingIdentity, true])
    expect(at(14)).toEqual([originatingIdentity, false])
    expect(at(12)).toEqual([undefined, false])
  })

  it.each([
    ['fetchInstance', { instance_id: 'i' }, 13, 'fetchInstance', 14],
    ['fetchBinding', { instance_id: 'i', binding_id: 'b' }, 13, 'fetchBinding', 14],
    ['lastBindingOperation', { instance_id: 'i', binding_id: 'b' }, 11, 'lastBindingOperation', 14],
    ['bind', { ...bind, predecessor_binding_id: 'old' }, 16, 'predecessor_binding_id', 17],
    ['update', { instance_id: 'i', service_id: 's', maintenance_info: { version: '2' } }, 14, 'maintenance_info', 15],
  ] as const)('refuses a %s that would mean something else without', (operation, call, minor, subject, neededMinor) => {
    expect(gateCall(operation, { ...call }, {}, minor)).toEqual({ subject, neededMinor })
    expect(gateCall(operation, { ...call }, {}, neededMinor)).toHaveProperty('call')
  })
})
