import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine/engine.js'
import { holdStorage, type StorageReport } from '../operations/hold-storage.js'
import { imagesOf } from './images-of.js'
import { storedOfferings } from './make-offerings.js'
import type { LoadedBrokerFile } from './read-broker-file.js'
import type { LogLine } from './log-line.js'

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
        for (const report of reports) note(report, restricted, log)
      },
      (error: unknown) => {
        signal.throwIfAborted()
        log({ level: 'warn', message: 'storage not measured', reason: String(error) })
      },
    )
    await sleep(betweenLooksMs, undefined, { signal })
  }
}

/** A line when something has changed, and not each minute. */
function note(
  { instance_id, usedBytes, boundBytes, restricted: isRestricted, error }: StorageReport,
  restricted: Set<string>,
  log: (line: LogLine) => void,
): void {
  const about = { instance_id, usedBytes, boundBytes }
  if (isRestricted === undefined) {
    const reason = error instanceof Error ? error.message : 'unknown'
    log({ level: 'warn', message: 'storage not measured', ...about, reason })
    return
  }
  if (isRestricted !== restricted.has(instance_id)) {
    log({ message: isRestricted ? 'storage used up' : 'storage is enough again', ...about })
  }
  if (isRestricted) restricted.add(instance_id)
  else restricted.delete(instance_id)
}
