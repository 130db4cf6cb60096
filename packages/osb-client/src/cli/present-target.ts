import type { PlatformState } from '../platform/state.js'
import { targetOf } from '../platform/spaces.js'
import { formatPairs } from './table.js'

/** Where somebody works, as `--json` shows it. */
export function presentTarget(state: PlatformState) {
  const { organization, space } = targetOf(state)
  return {
    user: state.user,
    organization: { guid: organization.guid, name: organization.name },
    space: { guid: space.guid, name: space.name },
  }
}

/** The same for people. */
export function targetText(state: PlatformState): string {
  const { organization, space, user } = presentTarget(state)
  return formatPairs([
    ['user', user.name],
    ['org', `${organization.name} (${organization.guid})`],
    ['space', `${space.name} (${space.guid})`],
  ])
}
