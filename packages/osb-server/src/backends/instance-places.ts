import { OsbError } from '../errors.js'

/** An instance, told apart by tenant. */
export interface InstanceKey {
  readonly tenant: string
  readonly instance_id: string
}

/** Where an instance is. */
export interface InstancePlace {
  /** The prefix of the back end that has it. */
  readonly prefix: string
  /** Whether its delete has begun; its id can then be used again, elsewhere too. */
  readonly deleting: boolean
}

/**
 * Remembers which of several back ends has an instance, for requests that do not say so. One that lasts and is shared
 * by all processes is made of two or three statements on any database.
 */
export interface InstancePlaces {
  find(key: InstanceKey): Promise<InstancePlace | undefined>
  /** Stores the place, whatever was there before. */
  keep(key: InstanceKey, place: InstancePlace): Promise<void>
  forget(key: InstanceKey): Promise<void>
}

/**
 * Keeps the places in the memory of this process, those of the instances used last.
 * @param maximumInstances default 10,000, some megabytes
 */
export function memoryPlaces(maximumInstances = 10_000): InstancePlaces {
  if (!Number.isSafeInteger(maximumInstances) || maximumInstances < 1)
    throw new TypeError('maximumInstances must be a positive whole number')
  const places = new Map<string, InstancePlace>()
  const textOf = ({ tenant, instance_id }: InstanceKey) => JSON.stringify([tenant, instance_id])

  function keep(text: string, place: InstancePlace): void {
    // A map has its keys in the order in which they were set: the first one has not been used for the longest time.
    places.delete(text)
    places.set(text, place)
    const [oldest] = places.size > maximumInstances ? places.keys() : []
    if (oldest !== undefined) places.delete(oldest)
  }

  return {
    async find(key) {
      const text = textOf(key)
      const place = places.get(text)
      if (place) keep(text, place)
      return place
    },
    async keep(key, place) {
      keep(textOf(key), place)
    },
    async forget(key) {
      places.delete(textOf(key))
    },
  }
}

export function unknownPlace(): OsbError {
  return OsbError.notFound('There is no such service instance, or it is not known where it is.')
}
