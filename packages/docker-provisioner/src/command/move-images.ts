import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { imagesOf } from '../broker-file/images-of.js'
import type { LoadedBrokerFile } from '../broker-file/read-broker-file.js'
import type { Engine } from '../engine/engine.js'

const longestMs = 3_600_000

/** Writes all images of a broker into one archive, packed if its name ends with `.gz`; fetches those that are missing. */
export async function exportImages(
  loaded: LoadedBrokerFile,
  engine: Engine,
  file: string,
  out: (line: string) => void,
): Promise<void> {
  const references: string[] = []
  for (const { request } of imagesOf(loaded)) {
    out(request.reference)
    references.push(await engine.ensureImage(request))
  }
  const signal = AbortSignal.timeout(longestMs)
  const [partial, tar] = [`${file}.partial`, await engine.saveImages(references, { signal })]
  const target = createWriteStream(partial, { mode: 0o600 })
  try {
    await (file.endsWith('.gz') ? pipeline(tar, createGzip(), target, { signal }) : pipeline(tar, target, { signal }))
    await rename(partial, file)
  } finally {
    await rm(partial, { force: true })
  }
}

/** Loads from an archive what is missing of a broker's images. @throws ProvisionerError `IMAGE_UNAVAILABLE` */
export async function importImages(
  loaded: LoadedBrokerFile,
  engine: Engine,
  file: string,
  out: (line: string) => void,
): Promise<void> {
  for (const { request } of imagesOf(loaded)) {
    const there = await engine.hasImage(request.reference)
    if (!there) await engine.ensureImage({ reference: request.reference, archive: file })
    out(`${request.reference}: ${there ? 'was there' : 'loaded'}`)
  }
}
