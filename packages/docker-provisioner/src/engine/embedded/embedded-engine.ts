import { cp, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isProvisionerError, ProvisionerError } from '../../errors.js'
import { hasLabels, type Labels } from '../../labels.js'
import type { ContainerSpec, Engine, Resource, VolumeSpec } from '../engine.js'
import { defaultPortRange, isPortFreeSoon, type PortRange } from '../ports.js'
import { withDeadline } from '../with-deadline.js'
import {
  containerStatus,
  ensureStored,
  readContainer,
  releasePorts,
  renameStored,
  type StoredContainer,
} from './container-files.js'
import { changedAt, createFile, folderLayout, makeFolder, readNames, readText, replaceFile } from './folder.js'
import { residentBytes } from './resident-bytes.js'
import { runCommand } from './run-command.js'
import { endProcess, ensureProcess, lastStart, runningProcess } from './service-process.js'

export interface EmbeddedEngineOptions {
  /** Keeps everything: data, records, logs. Made when absent. */
  readonly folder: string
  /** Ports of 127.0.0.1 to give to services. Default: 20000 to 29999. */
  readonly ports?: PortRange
}

const shortMs = 30_000
const longMs = 120_000
const copyMs = 1_800_000

/**
 * Runs services as processes of this host (Linux, macOS), for machines without Docker. They go on when the broker
 * ends, and a broker started later with the same folder finds them. No limits are held and nothing is isolated: for
 * development and tests. A service that ends by itself is started again when it is next used.
 * @example const engine = embeddedEngine({ folder: '.services' })
 */
export function embeddedEngine(options: EmbeddedEngineOptions): Engine {
  const layout = folderLayout(resolve(options.folder))
  const range = options.ports ?? defaultPortRange

  const get = async (name: string) => {
    const stored = await readContainer(layout, name)
    if (!stored) throw new ProvisionerError('NOT_FOUND', `there is no container ${name} of this broker`)
    return stored
  }
  const start = async (name: string, { launch, place }: StoredContainer, signal: AbortSignal) => {
    if (await runningProcess(layout.container(name))) return
    for (const port of Object.values(place.ports)) {
      if (await isPortFreeSoon(place.host, port, signal)) continue
      // Its own process may hold the port since the look above, started by another broker.
      if (await runningProcess(layout.container(name))) return
      throw new ProvisionerError('PORT_TAKEN', `port ${port} of ${name} is used by another process`)
    }
    await ensureProcess(layout.container(name), launch, signal)
  }
  const stop = async (name: string, { stopTimeoutSeconds }: StoredContainer, signal: AbortSignal) => {
    const record = await runningProcess(layout.container(name))
    if (record) await endProcess(record, stopTimeoutSeconds * 1000, signal)
  }

  /** A port that was lost before the first start is given up for the next one: nobody knows it yet. */
  const ensureStarted = async (spec: ContainerSpec, signal: AbortSignal) => {
    for (;;) {
      const stored = await ensureStored(layout, spec, range)
      try {
        return await start(spec.name, stored, signal)
      } catch (error) {
        if (!isProvisionerError(error, 'PORT_TAKEN') || spec.portsOf !== undefined) throw error
        if ((await lastStart(layout.container(spec.name))) > 0) throw error
        await removers.container(spec.name, signal)
      }
      signal.throwIfAborted()
    }
  }

  const removers: Record<Resource['kind'], (name: string, signal: AbortSignal) => Promise<void>> = {
    async container(name, signal) {
      const stored = await readContainer(layout, name)
      if (stored) await stop(name, stored, signal)
      await releasePorts(layout, name)
      await rm(layout.container(name), { recursive: true, force: true })
    },
    network: (name) => rm(layout.network(name), { force: true }),
    volume: (name) => rm(layout.volume(name), { recursive: true, force: true }),
  }

  const engine: Engine = {
    kind: 'embedded',
    info: async () => ({ kind: 'embedded', description: 'processes on this host' }),
    // Nothing to fetch: the recipe's folder is the program.
    hasImage: async () => false,
    ensureImage: async (source) => (typeof source === 'string' ? source : 'local'),
    ensureNetwork: (spec, call) =>
      withDeadline(
        'making the network',
        call,
        shortMs,
        async () => {
          await makeFolder(layout.networks)
          await createFile(layout.network(spec.name), JSON.stringify(spec.labels))
        },
        'await',
      ),
    saveImages: async () => {
      throw new ProvisionerError('UNSUPPORTED', 'the embedded engine has no images')
    },
    ensureVolumes: (specs, call) =>
      withDeadline(
        'making the volumes',
        call,
        shortMs,
        async () => {
          for (const spec of specs) await ensureVolume(spec)
        },
        'await',
      ),
    copyVolume: ({ from, to }, call) =>
      withDeadline(
        'copying the volume',
        call,
        copyMs,
        async () => {
          await rm(layout.volumeData(to), { recursive: true, force: true })
          await cp(layout.volumeData(from), layout.volumeData(to), { recursive: true, preserveTimestamps: true })
        },
        'await',
      ),
    async ensureService({ network, volumes, container }, call) {
      await engine.ensureNetwork(network, call)
      await engine.ensureVolumes(volumes, call)
      return engine.ensureContainer(container, call)
    },
    ensureContainer: (spec, call) =>
      withDeadline(
        'starting the process',
        call,
        longMs,
        async (signal) => {
          await ensureStarted(spec, signal)
          const status = await containerStatus(layout, spec.name)
          if (!status) throw new ProvisionerError('NOT_FOUND', `the container ${spec.name} was removed meanwhile`)
          return status
        },
        'await',
      ),
    startContainer: (name, call) =>
      withDeadline('starting the process', call, longMs, async (signal) => start(name, await get(name), signal)),
    stopContainer: (name, call) =>
      withDeadline('stopping the process', call, longMs, async (signal) => stop(name, await get(name), signal)),
    renameContainer: (from, to, call) =>
      withDeadline('renaming the process', call, shortMs, () => renameStored(layout, from, to)),
    inspectContainer: (name, call) =>
      withDeadline('inspecting the process', call, shortMs, () => containerStatus(layout, name)),
    exec: (name, command, call) =>
      withDeadline('the command', call, 60_000, async (signal) => {
        const { launch } = await get(name)
        if (!(await runningProcess(layout.container(name)))) {
          throw new ProvisionerError('NOT_RUNNING', `the container ${name} does not run`)
        }
        return runCommand({ ...launch, command }, call?.stdin ?? '', signal)
      }),
    stats: (name, call) =>
      withDeadline('reading the use', call, shortMs, async (signal) => {
        await get(name)
        const record = await runningProcess(layout.container(name))
        if (!record) throw new ProvisionerError('NOT_RUNNING', `the container ${name} does not run`)
        return { memoryBytes: await residentBytes(record.pid, signal) }
      }),
    logs: (name, call) =>
      withDeadline('reading the log', call, shortMs, async () => {
        await get(name)
        const lines = ((await readText(layout.log(name))) ?? '').split('\n').filter((line) => line !== '')
        return lines.slice(-(call?.lines ?? 50))
      }),
    list: (wanted, call) => withDeadline('listing', call, shortMs, () => list(wanted ?? {})),
    remove: ({ kind, name }, call) =>
      withDeadline(`removing the ${kind}`, call, longMs, (signal) => removers[kind](name, signal)),
  }
  return engine

  async function ensureVolume({ name, labels, files, sizeMb }: VolumeSpec): Promise<void> {
    if (sizeMb !== undefined) throw new ProvisionerError('UNSUPPORTED', 'the embedded engine cannot bound a volume')
    await makeFolder(layout.volumeData(name))
    await createFile(`${layout.volume(name)}/labels.json`, JSON.stringify(labels))
    for (const [file, content] of Object.entries(files ?? {})) {
      await replaceFile(`${layout.volumeData(name)}/${file}`, content)
    }
  }

  async function list(wanted: Labels): Promise<readonly Resource[]> {
    const found: Resource[] = []
    for (const name of await readNames(layout.containers)) {
      const status = await containerStatus(layout, name)
      const createdAtMs = await changedAt(layout.spec(name))
      found.push({ kind: 'container', name, labels: status?.labels ?? {}, createdAtMs, state: status?.state })
    }
    for (const name of await readNames(layout.networks)) {
      const file = layout.network(name)
      found.push({ kind: 'network', name, labels: await readLabels(file), createdAtMs: await changedAt(file) })
    }
    for (const name of await readNames(layout.volumes)) {
      const file = `${layout.volume(name)}/labels.json`
      found.push({ kind: 'volume', name, labels: await readLabels(file), createdAtMs: await changedAt(file) })
    }
    return found.filter((resource) => hasLabels(resource.labels, wanted))
  }
}

async function readLabels(path: string): Promise<Labels> {
  return JSON.parse((await readText(path)) ?? '{}') as Labels
}
