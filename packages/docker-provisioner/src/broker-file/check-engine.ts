import { randomUUID } from 'node:crypto'
import type { Engine } from '../engine/engine.js'
import { isProvisionerError } from '../errors.js'
import { labels, managedByUs } from '../labels.js'
import type { FileIssue } from './broker-file-error.js'
import { imagesOf } from './images-of.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** What a Docker engine that answers is missing or cannot hold. */
export async function checkEngine(loaded: LoadedBrokerFile, engine: Engine) {
  const { config, issue } = loaded
  const [errors, warnings] = [[] as FileIssue[], [] as FileIssue[]]
  for (const { request, offerings } of imagesOf(loaded)) {
    const { reference, policy } = request
    if (await engine.hasImage(reference)) continue
    const at = config.offerings.findIndex(({ name }) => name === offerings[0])
    const say = (found: FileIssue[], next: string) =>
      found.push(issue(`offerings.${at}.image`, `the image ${reference} is not on the engine${next}`))
    if (policy === 'never') say(errors, ', and its policy is never to fetch it')
    else if (config.prefetch === false) say(warnings, '; the first provision fetches it')
    else say(warnings, '; serve fetches it when it starts')
  }
  const own = { [labels.managedBy]: managedByUs, [labels.broker]: config.name, [labels.role]: 'helper' }
  const { network } = { network: undefined, ...config.engine }
  if (network !== undefined) {
    await engine
      .ensureNetwork({ name: network, labels: own })
      .catch((error: unknown) => errors.push(issue('engine.network', textOf(error))))
  }
  const bounded = config.offerings.flatMap(({ plans }, at) =>
    plans.flatMap(({ diskMb }, number) => (diskMb === undefined ? [] : [`offerings.${at}.plans.${number}.diskMb`])),
  )
  if (bounded.length > 0 && !(await holdsSizes(engine, own))) {
    const text =
      "the engine's storage driver cannot bound volumes (it needs xfs with project quotas below its data folder); " +
      'use storageMb, or leave it out'
    errors.push(...bounded.map((path) => issue(path, text)))
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
