import { PlatformError } from './platform-error.js'
import type { PlatformState } from './state.js'

/**
 * A space with its organization.
 * @throws {PlatformError} `STATE` when the state does not know it
 */
export function spaceOf({ spaces, organizations }: PlatformState, space_guid: string) {
  const space = spaces.find(({ guid }) => guid === space_guid)
  const organization = organizations.find(({ guid }) => guid === space?.organization_guid)
  if (space && organization) return { space, organization }
  throw new PlatformError('STATE', `the state has no space ${space_guid}`, 'Choose one with "osb target".')
}

/** The targeted space with its organization. */
export function targetOf(state: PlatformState) {
  return spaceOf(state, state.target.space_guid)
}
