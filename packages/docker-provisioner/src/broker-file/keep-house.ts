import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine/engine.js'
import { holdStorage } from '../operations/hold-storage.js'
import { imagesOf } from './images-of.js'
import { storedOfferings } from './make-offerings.js'
import type { LoadedBrokerFile } from './read-broker-file.js'
import type { LogLine } from './serve-broker.js'

const betweenLooksMs = 60_000

/**
 * What a serving broker does beside its requests: fetches the images that are missing, and then holds instances to the
 * storage of their plans once a minute. Nothing that fails ends it; it is logged.
 * @returns a function that ends it and waits for the end
 */
export function keepHouse(loaded: LoadedBrokerFile, engine: Engine, log: (line: LogLine) => void): () => Promise<void> {
  const ended = new AbortController()
  const { signal } = ended
  const work = Promise.all([
    loaded.config.prefetch === false ? undefined : prefetch(loaded, engine, log, signal),
    watchStorage(loaded, engine, log, signal),
  ]).catch((error: unknown) => {
    if (!signal.aborted) log({ level: 'error', message: 'keeping house failed', reason: String(error) })
  })
  return async () => {
    ended.abort()
    await work
  }
}

async function prefetch(
  loaded: LoadedBrokerFile,
  engine: Engine,
  log: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  if (engine.kind !== 'docker') return
  for (const { request } of imagesOf(loaded)) {
    const image = request.reference
    try {
      if (await engine.hasImage(image, { signal })) continue
      log({ message: 'fetching the image', image })
      await engine.ensureImage(request, { signal })
      log({ message: 'fetched the image', image })
    } catch (error) {
      signal.throwIfAborted()
      log({ level: 'warn', message: 'the image could not be fetched', image, reason: String(error) })
    }
  }
}

async function watchStorage(
  loaded: LoadedBrokerFile,
  engine: Engine,
  log: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const offerings = storedOfferings(loaded)
  const isBounded = offerings.some(({ recipe }) => Object.values(recipe.plans).some(({ storageMb }) => storageMb))
  const options = { broker: loaded.config.name, released: new Set<string>(), signal }
  const restricted = new Set<string>()
  while (isBounded) {
    await holdStorage(engine, offerings, options).then(
      (reports) => {
        for (const { instance_id, usedBytes, boundBytes, error, ...report } of reports) {
          const about = { instance_id, usedBytes, boundBytes }
          if (error) log({ level: 'warn', message: 'storage not measured', ...about, reason: String(error) })
          else if (report.restricted && !restricted.has(instance_id)) log({ message: 'storage used up', ...about })
          else if (!report.restricted && restricted.has(instance_id))
            log({ message: 'storage is enough again', ...about })
          if (report.restricted) restricted.add(instance_id)
          else if (!error) restricted.delete(instance_id)
        }
      },
      (error: unknown) => {
        signal.throwIfAborted()
        log({ level: 'warn', message: 'storage not measured', reason: String(error) })
      },
    )
    await sleep(betweenLooksMs, undefined, { signal })
  }
}
