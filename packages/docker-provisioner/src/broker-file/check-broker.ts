import { createBroker, memoryStore, noAuth } from 'osb-server'
import type { Engine } from '../engine/engine.js'
import { checkAddresses, isLoopback } from './check-addresses.js'
import { checkEngine } from './check-engine.js'
import { makeOfferings } from './make-offerings.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** What a check found: errors keep the broker from working, warnings are what its operator should know. */
export interface CheckReport {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** Looks at all that can be known before a broker serves: its catalog, its addresses, its engine and its images. */
export async function checkBroker(loaded: LoadedBrokerFile, engine: Engine): Promise<CheckReport> {
  const [errors, warnings] = [[] as string[], [...warningsOf(loaded)]]
  await noting(errors, '', async () => {
    const broker = createBroker({ offerings: makeOfferings(loaded, engine), auth: noAuth(), store: memoryStore() })
    await broker.close()
  })
  const answered = await noting(errors, 'the engine does not answer: ', () => engine.info({ timeoutMs: 5_000 }))
  const found = [
    loaded.config.engine?.kind === 'embedded'
      ? undefined
      : await checkAddresses(loaded.config.engine ?? { kind: 'docker' }),
    answered && engine.kind === 'docker' ? await checkEngine(loaded, engine) : undefined,
  ]
  for (const part of found) {
    errors.push(...(part?.errors ?? []))
    warnings.push(...(part?.warnings ?? []))
  }
  if (engine.kind === 'embedded') {
    for (const { name, plans } of loaded.config.offerings) {
      if (plans.some(({ diskMb }) => diskMb !== undefined))
        errors.push(`${name}: diskMb: embedded cannot bound a volume`)
    }
  }
  return { errors, warnings }
}

async function noting(errors: string[], prefix: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    errors.push(prefix + (error instanceof Error ? error.message : String(error)))
    return false
  }
}

function* warningsOf({ config }: LoadedBrokerFile): Generator<string> {
  const { listen, engine, offerings } = config
  const host = listen.host ?? '127.0.0.1'
  if (!listen.tls && !isLoopback(host)) {
    yield `listen: the login crosses ${host} unencrypted; set listen.tls, or put a proxy with TLS before it`
  }
  if (engine?.kind === 'embedded') yield 'engine: embedded holds no limits and isolates nothing; for development only'
  for (const offering of offerings) {
    const { recipe, name } = offering
    if (recipe === 'mysql')
      yield `${name}: the recipe mysql has not yet been run on MySQL 8; mariadb has been on MariaDB`
    if (recipe === 'container' && offering.secretsInEnvironment) {
      yield `${name}: secretsInEnvironment: everybody who may inspect the engine can read the secrets of its instances`
    }
  }
}
