import { createBroker, lintCatalog, memoryStore, noAuth, type OfferingDefinition } from 'osb-server'
import type { Engine } from '../engine/engine.js'
import type { FileIssue } from './broker-file-error.js'
import { checkAddresses, isLoopback } from './check-addresses.js'
import { checkEngine } from './check-engine.js'
import { makeOffering } from './make-offerings.js'
import type { LoadedBrokerFile } from './read-broker-file.js'
import type { FileOffering } from './schema.js'

/** What a check found: errors keep the broker from working, warnings are what its operator should know. */
export interface CheckReport {
  readonly errors: readonly FileIssue[]
  readonly warnings: readonly FileIssue[]
}

/** Looks at all that can be known before a broker serves: its catalog, its addresses, its engine and its images. */
export async function checkBroker(loaded: LoadedBrokerFile, engine: Engine): Promise<CheckReport> {
  const { config, issue } = loaded
  const errors = [...(await catalogErrors(loaded, engine))]
  const warnings = [...warningsOf(loaded)]
  const isEmbedded = engine.kind === 'embedded'
  const answers = await engine.info({ timeoutMs: 5_000 }).then(
    () => true,
    (error: unknown) => {
      errors.push(issue('engine', `the engine does not answer: ${textOf(error)}`))
      return false
    },
  )
  const found = [
    config.engine?.kind === 'embedded' ? undefined : await checkAddresses(loaded, config.engine ?? { kind: 'docker' }),
    answers && !isEmbedded ? await checkEngine(loaded, engine) : undefined,
  ]
  for (const part of found) {
    errors.push(...(part?.errors ?? []))
    warnings.push(...(part?.warnings ?? []))
  }
  for (const [at, { plans }] of isEmbedded ? config.offerings.entries() : [])
    for (const [number, { diskMb }] of plans.entries())
      if (diskMb !== undefined)
        errors.push(issue(`offerings.${at}.plans.${number}.diskMb`, 'embedded cannot bound a volume; leave it out'))
  return { errors, warnings }
}

/** What keeps the offerings from being a catalog, each with the line that it comes from. */
async function catalogErrors({ config, issue, path }: LoadedBrokerFile, engine: Engine): Promise<readonly FileIssue[]> {
  const errors: FileIssue[] = []
  const offerings: OfferingDefinition[] = []
  for (const [at, offering] of config.offerings.entries()) {
    try {
      offerings.push(makeOffering(offering, { config, path }, engine))
    } catch (error) {
      errors.push(issue(`offerings.${at}`, textOf(error)))
    }
  }
  if (errors.length > 0) return errors
  for (const { level, pointer, message, rule } of lintCatalog({ services: config.offerings.map(toEntry) }))
    if (level === 'MUST') errors.push(issue(pathOf(pointer), `${message} (${rule})`))
  if (errors.length > 0) return errors
  try {
    await createBroker({ offerings, auth: noAuth(), store: memoryStore() }).close()
  } catch (error) {
    errors.push(issue('offerings', textOf(error)))
  }
  return errors
}

/** What the file itself brings to the catalog; the rest is the recipe's. */
function toEntry({ id, name, description, tags, metadata, plans }: FileOffering) {
  const own = plans.map((plan) => ({
    id: plan.id,
    name: plan.name,
    description: plan.description,
    ...(plan.metadata && { metadata: plan.metadata }),
  }))
  return { id, name, description, bindable: true, ...(tags && { tags }), ...(metadata && { metadata }), plans: own }
}

/** `/services/0/plans/1/name` of the catalog is `offerings.0.plans.1.name` of the file. */
function pathOf(pointer: string): string {
  const [, first, ...rest] = pointer.split('/')
  return [first === 'services' ? 'offerings' : (first ?? ''), ...rest].join('.')
}

function* warningsOf({ config, issue }: LoadedBrokerFile): Generator<FileIssue> {
  const { listen, engine, offerings } = config
  const host = listen.host ?? '127.0.0.1'
  if (!listen.tls && !isLoopback(host))
    yield issue(
      'listen.host',
      `the login crosses ${host} unencrypted; set listen.tls, or put a proxy with TLS before it`,
    )
  if (engine?.kind === 'embedded')
    yield issue('engine.kind', 'embedded holds no limits and isolates nothing; for development only')
  for (const [at, offering] of offerings.entries()) {
    if (offering.recipe === 'mysql')
      yield issue(
        `offerings.${at}.recipe`,
        'the recipe mysql has not yet been run on MySQL 8; mariadb has been on MariaDB',
      )
    if (offering.recipe === 'container' && offering.secretsInEnvironment)
      yield issue(
        `offerings.${at}.secretsInEnvironment`,
        'everybody who may inspect the engine can read the secrets of its instances',
      )
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
