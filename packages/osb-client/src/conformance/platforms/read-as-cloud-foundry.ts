import { type OperationName, orphanMitigationBy } from 'osb-protocol'
import { bodyOf, type Sent } from '../sent.js'
import { accepts, answered, hasObject, type Question, type Reading, waits } from './reading.js'

const done: Readonly<Partial<Record<OperationName, readonly number[]>>> = {
  provision: [200, 201],
  bind: [200, 201],
  update: [200],
  unbind: [200, 410],
  deprovision: [200, 410],
  fetchInstance: [200],
  fetchBinding: [200],
}

/** What Cloud Controller makes of an answer, by its own parser of responses. */
export function readAsCloudFoundry(question: Question): Reading {
  const { operation, sent, offering } = question
  const polls = operation === 'lastInstanceOperation' || operation === 'lastBindingOperation'
  if (polls) return readPoll(sent)
  if (sent.status === 202 && operation !== 'fetchInstance' && operation !== 'fetchBinding') {
    if (!hasObject(sent)) return refusal(question, 'the 202 has no JSON object in its body')
    if (operation === 'bind' && offering.bindings_retrievable !== true)
      return { ruling: 'refuses', why: 'it cannot fetch an asynchronous binding without bindings_retrievable' }
    return waits('it polls at once, and then every 60 seconds at most')
  }
  if (!done[operation]?.includes(sent.status)) return refusal(question, `${answered(sent)} is none that it takes`)
  // Whatever comes with 410, the thing is gone.
  if (sent.status !== 410 && !hasObject(sent)) return refusal(question, 'the body is no JSON object')
  const fault = faultOf(question)
  if (fault) return refusal(question, fault.why, fault.isUnusable)
  return accepts(operation === 'fetchBinding' || operation === 'bind' ? 'the app gets this' : answered(sent))
}

function readPoll(sent: Sent): Reading {
  const { state } = bodyOf(sent)
  if (sent.status === 400) return { ruling: 'refuses', why: 'a 400 to a poll ends the operation as failed' }
  if (sent.status === 410) return accepts('410: what was deleted is gone')
  if (sent.status !== 200) return waits(`${answered(sent)} to a poll: it goes on polling`)
  if (state === 'succeeded') return accepts('succeeded')
  if (state === 'failed') return { ruling: 'refuses', why: 'the operation has failed' }
  return waits(state === 'in progress' ? 'in progress' : 'a state that it does not know: it goes on polling')
}

interface Fault {
  readonly why: string
  /** Whether it deletes the binding for it although the answer was 200. */
  readonly isUnusable?: boolean
}

const mostDrainCharacters = 10_000

/** What Cloud Controller finds wrong in the body of a success. */
function faultOf({ operation, sent, offering }: Question): Fault | undefined {
  const body = bodyOf(sent)
  const { dashboard_url } = body
  if (dashboard_url !== undefined && dashboard_url !== null && typeof dashboard_url !== 'string')
    return { why: 'dashboard_url is neither a text nor null' }
  if (operation !== 'bind' && operation !== 'fetchBinding') return undefined
  const { credentials, syslog_drain_url: drain, route_service_url: route, volume_mounts: mounts } = body
  const { requires = [] } = offering
  if (credentials !== undefined && credentials !== null && !isObject(credentials))
    return { why: 'credentials is no object' }
  if (drain !== undefined && drain !== null && drain !== '') {
    if (!requires.includes('syslog_drain'))
      return { why: 'syslog_drain_url needs syslog_drain in requires', isUnusable: true }
    if (typeof drain !== 'string' || drain.length > mostDrainCharacters)
      return { why: `syslog_drain_url is no text of at most ${mostDrainCharacters} characters`, isUnusable: true }
  }
  if (route !== undefined && route !== null && route !== '' && !isRouteUrl(route))
    return { why: 'route_service_url is not https with a host', isUnusable: true }
  if (mounts === undefined || mounts === null || (Array.isArray(mounts) && mounts.length === 0)) return undefined
  if (!requires.includes('volume_mount'))
    return { why: 'volume_mounts needs volume_mount in requires', isUnusable: true }
  return Array.isArray(mounts) && mounts.every(isMount)
    ? undefined
    : { why: 'volume_mounts is no list of complete mounts', isUnusable: true }
}

function refusal({ operation, sent }: Question, why: string, unusable = false): Reading {
  const { error } = bodyOf(sent)
  const errorCode = typeof error === 'string' ? error : ''
  const { status } = sent
  const wellFormed = hasObject(sent) && !unusable
  const mitigation = orphanMitigationBy(
    'cf',
    operation,
    status === 0 ? { ending: 'timed-out' } : { ending: 'answered', status, wellFormed, unusable, errorCode },
  )
  return mitigation === 'none'
    ? { ruling: 'refuses', why }
    : { ruling: 'mitigates', why: `${why}; it deletes the ${mitigation}` }
}

function isRouteUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' && hostname !== '' && !hostname.startsWith('.')
}

function isMount(value: unknown): boolean {
  if (!isObject(value)) return false
  const { device } = value
  const texts = ['device_type', 'mode', 'container_dir', 'driver'].map((name) => value[name])
  return [...texts, isObject(device) ? device['volume_id'] : undefined].every(isText)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
