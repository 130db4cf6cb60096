import { dirname, delimiter } from 'node:path'
import { rename, rm } from 'node:fs/promises'
import { ProvisionerError } from '../../errors.js'
import { labels } from '../../labels.js'
import type { ContainerSpec, ContainerStatus, Place } from '../engine.js'
import { fingerprint } from '../fingerprint.js'
import { candidatePorts, isPortFree, type PortRange } from '../ports.js'
import { createFile, type FolderLayout, makeFolder, readNames, readText, replaceFile } from './folder.js'
import { lastStart, type Launch, runningProcess } from './service-process.js'

/** What `spec.json` keeps of a container; complete enough to start it again without its recipe. */
export interface StoredContainer {
  readonly labels: Readonly<Record<string, string>>
  readonly place: Place
  readonly launch: Launch
  readonly stopTimeoutSeconds: number
}

export async function readContainer(layout: FolderLayout, name: string): Promise<StoredContainer | undefined> {
  const text = await readText(layout.spec(name))
  return text === undefined ? undefined : (JSON.parse(text) as StoredContainer)
}

/** Makes sure that the container is on record; whoever writes first has chosen its ports. */
export async function ensureStored(
  layout: FolderLayout,
  spec: ContainerSpec,
  range: PortRange,
): Promise<StoredContainer> {
  const existing = await readContainer(layout, spec.name)
  if (existing) return assertSame(spec, existing)
  await makeFolder(layout.container(spec.name))
  const replaced = spec.portsOf === undefined ? undefined : await readContainer(layout, spec.portsOf)
  if (replaced) await holdPorts(layout, spec.name, replaced.place.ports)
  const place = {
    engine: 'embedded' as const,
    host: '127.0.0.1',
    ports: await reservePorts(layout, spec, range, replaced?.place.ports),
    paths: Object.fromEntries(spec.mounts.map(({ name, volume }) => [name, layout.volumeData(volume)])),
  }
  const stored: StoredContainer = {
    labels: { ...spec.labels, [labels.spec]: fingerprint(spec) },
    place,
    launch: launchOf(spec, place),
    stopTimeoutSeconds: spec.stopTimeoutSeconds ?? 10,
  }
  if (await createFile(layout.spec(spec.name), JSON.stringify(stored))) return stored
  return ensureStored(layout, spec, range)
}

function assertSame(spec: ContainerSpec, existing: StoredContainer): StoredContainer {
  if (existing.labels[labels.spec] === fingerprint(spec)) return existing
  throw new ProvisionerError('NAME_TAKEN', `the container ${spec.name} exists with another specification`)
}

/** The broker's own environment stays out: it may hold the broker's password and key. */
function launchOf(spec: ContainerSpec, place: Place): Launch {
  const { command, env } = spec.process(place)
  if (!spec.embedded || !command) {
    throw new ProvisionerError(
      'UNSUPPORTED',
      'this service runs on a Docker engine only: it has no command for the embedded engine',
    )
  }
  // `node` means the Node that runs the broker, as it means the image's own in a container.
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  return { command, env: { PATH: path, ...env }, cwd: spec.embedded.folder }
}

/** A reservation is a file named after the port that holds the container's name. */
async function reservePorts(
  layout: FolderLayout,
  spec: ContainerSpec,
  range: PortRange,
  takenOver: Readonly<Record<string, number>> = {},
): Promise<Record<string, number>> {
  await makeFolder(layout.ports)
  const candidates = candidatePorts(spec.name, range).values()
  const chosen: Record<string, number> = { ...takenOver }
  for (const name of Object.keys(spec.ports)) {
    if (chosen[name] !== undefined) continue
    const port = await reserve(layout, candidates, `${spec.name} ${name}`)
    if (port === undefined)
      throw new ProvisionerError('PORT_TAKEN', `all ports from ${range.first} to ${range.last} are taken`)
    chosen[name] = port
  }
  return chosen
}

async function reserve(
  layout: FolderLayout,
  candidates: Iterator<number>,
  holder: string,
): Promise<number | undefined> {
  for (let next = candidates.next(); !next.done; next = candidates.next()) {
    const port = next.value
    if ((await readText(layout.port(port))) === holder) return port
    if (!(await isPortFree('127.0.0.1', port))) continue
    if (await createFile(layout.port(port), holder)) return port
    if ((await readText(layout.port(port))) === holder) return port
  }
  return undefined
}

/** Gives a container another name, and its ports with it. */
export async function renameStored(layout: FolderLayout, from: string, to: string): Promise<void> {
  const [stored, renamed] = [await readContainer(layout, from), await readContainer(layout, to)]
  if (stored && renamed) throw new ProvisionerError('NAME_TAKEN', `there is a container ${to} already`)
  if (stored) {
    await rm(layout.container(to), { recursive: true, force: true })
    await rename(layout.container(from), layout.container(to))
  }
  const found = stored ?? renamed
  if (!found) throw new ProvisionerError('NOT_FOUND', `there is no container ${from} of this broker`)
  await holdPorts(layout, to, found.place.ports)
}

/** Writes a container's name on ports that it takes over. */
async function holdPorts(layout: FolderLayout, name: string, ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [port, number] of Object.entries(ports)) await replaceFile(layout.port(number), `${name} ${port}`)
}

/** Gives up all ports that were reserved for a container, also those of an attempt that crashed. */
export async function releasePorts(layout: FolderLayout, container: string): Promise<void> {
  for (const port of await readNames(layout.ports)) {
    const holder = await readText(layout.port(Number(port)))
    if (holder?.split(' ')[0] === container) await rm(layout.port(Number(port)), { force: true })
  }
}

export async function containerStatus(layout: FolderLayout, name: string): Promise<ContainerStatus | undefined> {
  const stored = await readContainer(layout, name)
  if (!stored) return undefined
  const [process, starts] = [await runningProcess(layout.container(name)), await lastStart(layout.container(name))]
  return {
    name,
    state: process ? 'running' : starts === 0 ? 'created' : 'stopped',
    restarts: 0,
    labels: stored.labels,
    host: stored.place.host,
    probeHost: stored.place.host,
    ports: stored.place.ports,
    place: stored.place,
    health: 'none',
  }
}
