import { randomUUID } from 'node:crypto'
import { targetOf } from './spaces.js'
import type { Named, PlatformState } from './state.js'
import type { World } from './world.js'

/** Which organization and space to work in; see {@link Platform.setTarget}. */
export async function setTarget(
  { file }: World,
  { organization, space }: { readonly organization?: string | undefined; readonly space?: string | undefined },
): Promise<void> {
  await file.change((state) => {
    const current = targetOf(state)
    const chosen = organization === undefined ? current.organization : organizationIn(state, organization)
    const organization_guid = chosen.guid
    const own = state.spaces.filter((each) => each.organization_guid === organization_guid)
    // A new organization has no space yet; it gets one of the same name as the one before.
    const wanted = space ?? (own.length === 1 ? own[0]?.name : undefined) ?? current.space.name
    const known = own.find(({ name }) => name === wanted)
    const space_guid = known?.guid ?? randomUUID()
    if (!known) state.spaces.push({ guid: space_guid, name: wanted, organization_guid })
    Object.assign(state, { target: { organization_guid, space_guid } })
  })
}

function organizationIn(state: PlatformState, name: string): Named {
  const known = state.organizations.find((each) => each.name === name)
  const organization = known ?? { guid: randomUUID(), name }
  if (!known) state.organizations.push(organization)
  return organization
}
