import { createHash } from 'node:crypto'
import type { ContainerSpec, Place } from './engine.js'

/** The place that a container gives its service. */
export function containerPlace(spec: Pick<ContainerSpec, 'ports' | 'mounts'>): Place {
  const paths = Object.fromEntries(spec.mounts.map(({ name, path }) => [name, path]))
  return { engine: 'docker', host: '0.0.0.0', ports: spec.ports, paths }
}

/** Tells whether an existing container is the one that a specification asks for; the same on every engine. */
export function fingerprint(spec: ContainerSpec): string {
  const { process, embedded: _, portsOf: __, ...data } = spec
  const text = JSON.stringify(sorted({ ...data, process: process(containerPlace(spec)) }))
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
