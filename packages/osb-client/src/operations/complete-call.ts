import type { CallDetails, OperationName } from 'osb-protocol'
import { isJsonObject } from './read-json-object.js'
import type { CallArguments } from './write-request.js'

/**
 * Adds what strict brokers still ask for and what the call says elsewhere: the organization and space of the context
 * at the top of a provision (PROV-08 … PROV-10), the app of `bind_resource` at the top of a bind (A25). Nothing that
 * the caller gave is changed.
 */
export function completeCall(operation: OperationName, call: CallArguments): CallArguments {
  if (operation === 'provision') return withMissing(call, placeOf(call['context']))
  const resource = operation === 'bind' ? call['bind_resource'] : undefined
  return isJsonObject(resource) ? withMissing(call, { app_guid: resource['app_guid'] }) : call
}

/** Most callers give all, and then nothing is copied. */
function withMissing(call: CallArguments, given: CallArguments): CallArguments {
  const missing = Object.keys(given).filter((name) => given[name] !== undefined && call[name] === undefined)
  return missing.length === 0 ? call : { ...call, ...Object.fromEntries(missing.map((name) => [name, given[name]])) }
}

/** Kubernetes has no organizations; its platforms send the cluster and the namespace for them. */
function placeOf(context: unknown): CallArguments {
  if (!isJsonObject(context)) return {}
  return context['platform'] === 'kubernetes'
    ? { organization_guid: context['clusterid'], space_guid: context['namespace'] }
    : { organization_guid: context['organization_guid'], space_guid: context['space_guid'] }
}

/**
 * Refuses what a platform must not send.
 * @throws {TypeError} when `context` has no platform (CTX-03, CTX-04), or another than the originating identity (OID-09)
 */
export function assertContext(call: CallArguments, { originatingIdentity }: CallDetails): void {
  const { context } = call
  if (!isJsonObject(context)) return
  const { platform } = context
  if (typeof platform !== 'string' || platform === '') throw new TypeError('context.platform must be a text')
  if (originatingIdentity && originatingIdentity.platform !== platform)
    throw new TypeError('the platform of originatingIdentity must be that of context')
}
