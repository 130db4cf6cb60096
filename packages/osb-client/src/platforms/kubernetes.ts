import type { JsonObject, OriginatingIdentity } from 'osb-protocol'
import { isJsonObject } from '../operations/read-json-object.js'
import { assertProperties } from './assert-properties.js'

const platform = 'kubernetes'

/** Where an instance or binding belongs in Kubernetes; own properties may be added (CTX-01). */
export interface KubernetesPlace extends JsonObject {
  namespace: string
  clusterid: string
  namespace_annotations?: JsonObject
  instance_annotations?: JsonObject
}

/**
 * The `context` of a provision or update on Kubernetes, by the profile (K8C-01 … K8C-05).
 * @throws {TypeError} when a property is missing or of a wrong type
 */
export function kubernetesContext<Place extends KubernetesPlace & { instance_name: string }>(
  place: Place,
): Place & { platform: 'kubernetes' } {
  assertProperties('the context', place, { texts: [...placeTexts, 'instance_name'], objects: annotations })
  return { ...place, platform }
}

/**
 * The `context` of a bind on Kubernetes, which has no `instance_name` (K8C-05).
 * @throws {TypeError} when a property is missing, of a wrong type, or too many
 */
export function kubernetesBindContext<Place extends KubernetesPlace>(place: Place): Place & { platform: 'kubernetes' } {
  assertProperties('the context', place, { texts: placeTexts, objects: annotations, absent: ['instance_name'] })
  return { ...place, platform }
}

/** A user as Kubernetes knows one: `UserInfo` of its authentication. */
export interface KubernetesUser extends JsonObject {
  username: string
  uid: string
  groups: readonly string[]
  extra: Readonly<Record<string, readonly string[]>>
}

/**
 * A user of Kubernetes as the originating identity (OIDP-03).
 * @throws {TypeError} when a property is missing or of a wrong type
 */
export function kubernetesIdentity(user: KubernetesUser): OriginatingIdentity {
  assertProperties('the identity', user, { texts: ['username', 'uid'] })
  if (!isTexts(user.groups)) throw new TypeError('the identity needs groups, a list of texts')
  if (!isJsonObject(user.extra) || !Object.values(user.extra).every(isTexts))
    throw new TypeError('the identity needs extra, an object of lists of texts')
  return { platform, value: user }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

const placeTexts = ['namespace', 'clusterid']
const annotations = ['namespace_annotations', 'instance_annotations']
