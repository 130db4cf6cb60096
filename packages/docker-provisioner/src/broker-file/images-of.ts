import type { ImageRequest } from '../engine/image-source.js'
import { recipeOf } from './make-offerings.js'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** The images that a broker's offerings run, each once, with the names of the offerings. */
export function imagesOf({ config, path }: LoadedBrokerFile) {
  const found = new Map<string, { readonly request: ImageRequest; readonly offerings: string[] }>()
  for (const offering of config.offerings) {
    const { image } = recipeOf(offering, path)
    // A broker's file can name no image that is made from local files.
    if (typeof image === 'function') continue
    const request = typeof image === 'string' ? { reference: image } : image
    const known = found.get(request.reference)
    if (known) known.offerings.push(offering.name)
    else found.set(request.reference, { request, offerings: [offering.name] })
  }
  return [...found.values()]
}
