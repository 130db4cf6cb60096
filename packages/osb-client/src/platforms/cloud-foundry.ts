import type { JsonObject, OriginatingIdentity } from 'osb-protocol'
import { assertProperties } from './assert-properties.js'

const platform = 'cloudfoundry'

/** Where an instance or binding belongs in Cloud Foundry; own properties may be added (CTX-01). */
export interface CloudFoundryPlace extends JsonObject {
  organization_guid: string
  organization_name: string
  space_guid: string
  space_name: string
  organization_annotations?: JsonObject
  space_annotations?: JsonObject
  instance_annotations?: JsonObject
}

/**
 * The `context` of a provision or update on Cloud Foundry, by the profile (CFC-01 … CFC-08).
 * @throws {TypeError} when a property is missing or of a wrong type
 */
export function cloudFoundryContext<Place extends CloudFoundryPlace & { instance_name: string }>(
  place: Place,
): Place & { platform: 'cloudfoundry' } {
  assertProperties('the context', place, { texts: [...placeTexts, 'instance_name'], objects: annotations })
  return { ...place, platform }
}

/**
 * The `context` of a bind on Cloud Foundry, which has no `instance_name` (CFC-07).
 * @throws {TypeError} when a property is missing, of a wrong type, or too many
 */
export function cloudFoundryBindContext<Place extends CloudFoundryPlace>(
  place: Place,
): Place & { platform: 'cloudfoundry' } {
  assertProperties('the context', place, { texts: placeTexts, objects: annotations, absent: ['instance_name'] })
  return { ...place, platform }
}

/**
 * A user of Cloud Foundry as the originating identity (OIDP-01).
 * @throws {TypeError} without `user_id`
 * @example client.provision(call, { originatingIdentity: cloudFoundryIdentity({ user_id }) })
 */
export function cloudFoundryIdentity(user: JsonObject & { user_id: string }): OriginatingIdentity {
  assertProperties('the identity', user, { texts: ['user_id'] })
  return { platform, value: user }
}

const placeTexts = ['organization_guid', 'organization_name', 'space_guid', 'space_name']
const annotations = ['organization_annotations', 'space_annotations', 'instance_annotations']
