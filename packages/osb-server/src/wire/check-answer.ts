import { fits, jsonPointer, requirementOf, responseSchemas, type ServiceOffering } from 'osb-protocol'
import type { AnyOutcome, CalledOperation, OperationCall } from './operation-call.js'

type Body = Readonly<Record<string, unknown>>

const bindingData = ['credentials', 'syslog_drain_url', 'route_service_url', 'volume_mounts', 'endpoints'] as const

/** Field of a binding → what its offering has to require, and the rule that says so, for bind and for fetch. */
const permissions = [
  { field: 'syslog_drain_url', permission: 'syslog_drain', bind: 'BIND-45', fetchBinding: 'GETB-15' },
  { field: 'route_service_url', permission: 'route_forwarding', bind: 'BIND-48', fetchBinding: 'GETB-17' },
  { field: 'volume_mounts', permission: 'volume_mount', bind: 'BIND-50', fetchBinding: 'GETB-18' },
] as const

/**
 * Makes sure that an answer of the back end may be sent: a known outcome, a body of the right shape, and the rules
 * that no schema holds.
 * @param offering whose answer it is, if the request says so
 * @throws {TypeError} that names the operation, the place and the rule; the platform is answered 500
 */
export function checkAnswer(
  { operation, call }: OperationCall,
  answer: AnyOutcome,
  offering: ServiceOffering | undefined,
): void {
  const schemas = responseSchemas[operation]
  if (!Object.hasOwn(schemas, answer?.outcome))
    throw broken(operation, [`its outcome is none of ${Object.keys(schemas).join(', ')}`])
  const schema = schemas[answer.outcome as keyof typeof schemas] as AnswerSchema
  if (!fits(schema, answer.body)) throw broken(operation, shapeFaults(operation, schema, answer.body))
  const body = answer.body as Body
  if (answer.outcome === 'accepted')
    refuse(operation, acceptedFaults(operation, body, 'accepts_incomplete' in call && call.accepts_incomplete === true))
  if (operation === 'bind' || operation === 'fetchBinding') refuse(operation, bindingFaults(operation, body, offering))
  if (operation === 'lastInstanceOperation' || operation === 'lastBindingOperation')
    refuse(operation, hintFaults(operation, body))
}

type AnswerSchema = (typeof responseSchemas)['fetchInstance']['found']

function shapeFaults(operation: CalledOperation, schema: AnswerSchema, body: unknown): string[] {
  return (schema.safeParse(body).error?.issues ?? []).map(({ path, message }) => {
    const rule = requirementOf(operation, path)
    return `${jsonPointer(path) || 'the body'}: ${message}${rule ? ` (${rule})` : ''}`
  })
}

function refuse(operation: CalledOperation, faults: readonly string[]): void {
  if (faults.length > 0) throw broken(operation, faults)
}

function broken(operation: CalledOperation, faults: readonly string[]): TypeError {
  return new TypeError(`the back end's answer to ${operation} breaks the protocol: ${faults.join('; ')}`)
}

function acceptedFaults(operation: CalledOperation, body: Body, acceptsIncomplete: boolean): string[] {
  const early = operation === 'bind' ? bindingData.filter((name) => body[name] !== undefined) : []
  return [
    ...(acceptsIncomplete ? [] : ['it is asynchronous, but accepts_incomplete was not sent (SYN-10)']),
    ...early.map((name) => `/${name} must not be there before the binding is (BIND-26)`),
  ]
}

function bindingFaults(
  operation: 'bind' | 'fetchBinding',
  body: Body,
  offering: ServiceOffering | undefined,
): readonly string[] {
  if (!offering) return []
  return permissions
    .filter(({ field, permission }) => isGiven(body[field]) && !offering.requires?.includes(permission))
    .map((rule) => `/${rule.field} needs "${rule.permission}" in requires of the service offering (${rule[operation]})`)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
}

/** What only failed updates and deprovisions of instances may say (A21). */
function hintFaults(operation: CalledOperation, body: Body): string[] {
  if (operation === 'lastInstanceOperation' && body['state'] === 'failed') return []
  return [
    ...(body['instance_usable'] === undefined
      ? []
      : ['/instance_usable belongs to failed updates and deprovisions (LOI-21)']),
    ...(body['update_repeatable'] === undefined ? [] : ['/update_repeatable belongs to failed updates (LOI-22)']),
  ]
}
