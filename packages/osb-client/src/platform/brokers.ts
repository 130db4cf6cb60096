import { randomUUID } from 'node:crypto'
import type { Catalog } from 'osb-protocol'
import { findBroker } from './find.js'
import { PlatformError } from './platform-error.js'
import type { BrokerRecord, PlanAccess, PlatformState } from './state.js'
import type { World } from './world.js'

/** Where a broker is and how to log in. */
export interface BrokerRegistration {
  readonly name: string
  readonly url: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** PEM of the authority of its certificate. */
  readonly ca?: string | undefined
  readonly skipsTlsValidation?: boolean | undefined
}

/** Registers a broker once its catalog has been read; see {@link Platform.createBroker}. */
export async function createBroker(
  world: World,
  registration: BrokerRegistration,
  signal?: AbortSignal,
): Promise<BrokerRecord> {
  assertUnknown(world.file.read(), registration)
  const record = recordOf(registration)
  const catalog = await readCatalog(world, record, signal)
  return world.file.change((state) => {
    assertUnknown(state, registration)
    state.brokers.push({ ...record, catalog })
    return { ...record, catalog }
  })
}

/** Reads the catalog again, with another address or login if given; see {@link Platform.updateBroker}. */
export async function updateBroker(
  world: World,
  { name, ...changes }: Partial<BrokerRegistration> & { readonly name: string },
  signal?: AbortSignal,
): Promise<BrokerRecord> {
  const known = findBroker(world.file.read(), name)
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const updated: BrokerRecord = { ...known, ...given }
  const catalog = await readCatalog(world, updated, signal)
  return world.file.change((state) => {
    const record = findBroker(state, name)
    const { url, username, password, ca, skipsTlsValidation } = updated
    return structuredClone(Object.assign(record, { url, username, password, ca, skipsTlsValidation, catalog }))
  })
}

/**
 * Forgets a broker.
 * @throws {PlatformError} `IN_USE` while there are instances of it
 */
export async function deleteBroker({ file }: World, name: string): Promise<void> {
  await file.change((state) => {
    const { guid } = findBroker(state, name)
    const used = state.instances.filter((each) => each.type === 'managed' && each.broker_guid === guid)
    if (used.length > 0) {
      const names = used.map((each) => each.name).join(', ')
      const message = `service broker ${name} has service instances: ${names}`
      throw new PlatformError('IN_USE', message, 'Delete them, or forget them with "osb purge-service-offering".')
    }
    state.brokers = state.brokers.filter((each) => each.guid !== guid)
  })
}

function assertUnknown({ brokers }: PlatformState, { name, url }: BrokerRegistration): void {
  const same = brokers.find((each) => each.isRegistered && (each.name === name || each.url === url))
  if (!same) return
  const what = same.name === name ? `a service broker ${name}` : `the broker at ${url}`
  const message = `${what} is registered already${same.name === name ? '' : `, as ${same.name}`}`
  throw new PlatformError('EXISTS', message, 'Change it with "osb update-service-broker", or choose another name.')
}

function recordOf({ name, url, username, password, ca, skipsTlsValidation }: BrokerRegistration): BrokerRecord {
  return {
    guid: randomUUID(),
    name,
    url,
    username: username ?? null,
    password: password ?? null,
    ca: ca ?? null,
    skipsTlsValidation: skipsTlsValidation ?? false,
    isRegistered: true,
    catalog: { services: [] },
    access: {},
  }
}

async function readCatalog(world: World, broker: BrokerRecord, signal: AbortSignal | undefined): Promise<Catalog> {
  const client = await world.client(broker)
  return client.cachedCatalog({ signal })
}

/** Whose access to what. */
export interface AccessChange {
  readonly offering: string
  /** @default all plans of the offering */
  readonly plan?: string | undefined
  readonly broker?: string | undefined
  /** @default everyone */
  readonly organization?: string | undefined
}

/**
 * Lets everyone, or an organization, order plans of an offering; or no more.
 * @throws {PlatformError} `NOT_FOUND`, `AMBIGUOUS`
 */
export async function changeAccess({ file }: World, change: AccessChange, isEnabled: boolean): Promise<void> {
  await file.change((state) => {
    const { broker, plan_ids } = plansOf(state, change)
    const organization_guid = organizationOf(state, change.organization)
    for (const plan_id of plan_ids) {
      const access = broker.access[plan_id] ?? { everyone: false, organization_guids: [] }
      broker.access[plan_id] = changed(access, organization_guid, isEnabled)
    }
  })
}

function changed(access: PlanAccess, organization_guid: string | undefined, isEnabled: boolean): PlanAccess {
  if (organization_guid === undefined) return { everyone: isEnabled, organization_guids: [] }
  const others = access.organization_guids.filter((guid) => guid !== organization_guid)
  return { ...access, organization_guids: isEnabled ? [...others, organization_guid] : others }
}

function plansOf({ brokers }: PlatformState, { offering: name, plan: planName, broker: brokerName }: AccessChange) {
  const found = brokers
    .filter((broker) => broker.isRegistered && (brokerName === undefined || broker.name === brokerName))
    .flatMap((broker) =>
      broker.catalog.services.filter((each) => each.name === name).map((offering) => ({ broker, offering })),
    )
  const [first, second] = found
  if (!first) {
    const next = 'Run "osb service-access" to see the offerings of the registered brokers.'
    throw new PlatformError('NOT_FOUND', `there is no service offering ${name}`, next)
  }
  if (second) {
    const names = found.map(({ broker }) => broker.name).join(', ')
    throw new PlatformError('AMBIGUOUS', `several brokers have ${name}: ${names}`, 'Say which with -b BROKER.')
  }
  const { broker, offering } = first
  const plans = offering.plans.filter((plan) => planName === undefined || plan.name === planName)
  if (plans.length > 0) return { broker, plan_ids: plans.map(({ id }) => id) }
  const has = `It has: ${offering.plans.map((plan) => plan.name).join(', ')}.`
  throw new PlatformError('NOT_FOUND', `there is no service plan ${planName} of ${name}`, has)
}

function organizationOf({ organizations }: PlatformState, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const guid = organizations.find((each) => each.name === name)?.guid
  if (guid !== undefined) return guid
  throw new PlatformError('NOT_FOUND', `there is no organization ${name}`, `Run "osb target -o ${name}" to have one.`)
}
