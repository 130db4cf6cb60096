import type { CallDetails, OperationName } from 'osb-protocol'
import { isJsonObject } from './read-json-object.js'
import type { CallArguments } from './write-request.js'

/**
 * Adds what strict brokers still ask for and what the call says elsewhere: the organization and space of the context
 * at the top of a provision (PROV-08 … PROV-10), the app of `bind_resource` at the top of a bind (A25). Nothing that
 * the caller gave is changed.
 */
export function completeCall(operation: OperationName, call: CallArguments): CallArguments {
  if (operation === 'provision') {
    const { organization_guid, space_guid } = placeOf(call['context'])
    return {
      ...(organization_guid !== undefined && { organization_guid }),
      ...(space_guid !== undefined && { space_guid }),
      ...call,
    }
  }
  const resource = operation === 'bind' ? call['bind_resource'] : undefined
  const app_guid = isJsonObject(resource) ? resource['app_guid'] : undefined
  return app_guid === undefined ? call : { app_guid, ...call }
}

/** Kubernetes has no organizations; its platforms send the cluster and the namespace for them. */
function placeOf(context: unknown): { readonly organization_guid?: unknown; readonly space_guid?: unknown } {
  if (!isJsonObject(context)) return {}
  if (context['platform'] !== 'kubernetes') return context
  return { organization_guid: context['clusterid'], space_guid: context['namespace'] }
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
