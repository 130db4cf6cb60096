import { createBroker, memoryStore, noAuth } from 'osb-server'
import type { Engine } from '../engine/engine.js'
import { makeOfferings, recipeOf } from './make-offerings.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** What a check found: errors keep the broker from working, warnings are what its operator should know. */
export interface CheckReport {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Looks at all that can be known before a broker serves: its catalog, its addresses, its engine and its images. */
export async function checkBroker(loaded: LoadedBrokerFile, engine: Engine): Promise<CheckReport> {
  const [errors, warnings] = [[] as string[], [...warningsOf(loaded)]]
  await noting(errors, '', async () => {
    const broker = createBroker({ offerings: makeOfferings(loaded, engine), auth: noAuth(), store: memoryStore() })
    await broker.close()
  })
  const answered = await noting(errors, 'the engine does not answer: ', () => engine.info({ timeoutMs: 5_000 }))
  if (answered && engine.kind === 'docker') {
    for (const offering of loaded.config.offerings) {
      const { image } = recipeOf(offering, loaded.path)
      const reference = typeof image === 'string' ? image : 'reference' in image ? image.reference : undefined
      if (reference === undefined || (await engine.hasImage(reference))) continue
      const never = typeof image === 'object' && image.policy === 'never'
      const text = `${offering.name}: the image ${reference} is not on the engine`
      if (never) errors.push(`${text}, and its policy is never to fetch it`)
      else warnings.push(`${text}; the first provision fetches it`)
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
  if (!listen.tls && !loopback.has(host)) {
    yield `listen: the login crosses ${host} unencrypted; set listen.tls, or put a proxy with TLS before it`
  }
  if (engine?.kind === 'embedded') yield 'engine: embedded holds no limits and isolates nothing; for development only'
  if (engine?.kind === 'docker') {
    const published = engine.publishHost ?? '127.0.0.1'
    if (published === '0.0.0.0' || published === '::') {
      yield `engine.publishHost: ${published} lets every network in that reaches the host; Docker passes by its firewall`
    }
    if (loopback.has(published) && engine.advertiseHost !== undefined && !loopback.has(engine.advertiseHost)) {
      yield `engine.advertiseHost: services are published on ${published}, so nobody reaches them at ${engine.advertiseHost}`
    }
  }
  for (const { recipe, name } of offerings) {
    if (recipe === 'mysql') yield `${name}: the recipe mysql has not yet been run on MySQL 8; mariadb has`
  }
}
