import { randomUUID } from 'node:crypto'
import type { Engine } from '../engine/engine.js'
import { isProvisionerError } from '../errors.js'
import { labels, managedByUs } from '../labels.js'
import { imagesOf } from './images-of.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** What a Docker engine that answers is missing or cannot hold. */
export async function checkEngine(loaded: LoadedBrokerFile, engine: Engine) {
  const [errors, warnings] = [[] as string[], [] as string[]]
  for (const { request, offerings } of imagesOf(loaded)) {
    const { reference, policy } = request
    if (await engine.hasImage(reference)) continue
    const text = `${offerings.join(', ')}: the image ${reference} is not on the engine`
    if (policy === 'never') errors.push(`${text}, and its policy is never to fetch it`)
    else if (loaded.config.prefetch === false) warnings.push(`${text}; the first provision fetches it`)
    else warnings.push(`${text}; serve fetches it when it starts`)
  }
  const own = { [labels.managedBy]: managedByUs, [labels.broker]: loaded.config.name, [labels.role]: 'helper' }
  const { network } = { network: undefined, ...loaded.config.engine }
  if (network !== undefined) {
    await engine
      .ensureNetwork({ name: network, labels: own })
      .catch((error: unknown) => errors.push(`engine.network: ${textOf(error)}`))
  }
  const bounded = loaded.config.offerings.flatMap(({ name, plans }) =>
    plans.flatMap((plan) => (plan.diskMb === undefined ? [] : [`${name}, plan ${plan.name}`])),
  )
  if (bounded.length > 0 && !(await holdsSizes(engine, own))) {
    errors.push(
      `${bounded.join('; ')}: diskMb: the engine's storage driver cannot bound volumes (it needs xfs with project ` +
        'quotas below its data folder); use storageMb, or leave it out',
    )
  }
  return { errors, warnings }
}

/** Tried with a volume that is removed again: the engine tells in no other way. */
async function holdsSizes(engine: Engine, own: Readonly<Record<string, string>>): Promise<boolean> {
  const name = `osbv-check-${randomUUID()}`
  try {
    await engine.ensureVolumes([{ name, labels: own, owner: { uid: 0, gid: 0 }, image: 'none', sizeMb: 1 }])
    return true
  } catch (error) {
    // There is no image `none`, so a volume that could be bounded gets no further than this.
    return !isProvisionerError(error, 'UNSUPPORTED')
  } finally {
    await engine.remove({ kind: 'volume', name })
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
