import type { Readable } from 'node:stream'
import Docker from 'dockerode'
import type { Labels } from '../../labels.js'
import type { ImageRequest } from '../image-source.js'
import { type Connection, connectionOf } from './connection.js'
import { logLines } from './demultiplex.js'
import { translateDockerError } from './docker-errors.js'
import { runExec } from './run-exec.js'
import { type ProgressOptions, readProgress } from './progress-stream.js'

/** A container as `inspect` shows it, cut down to what we use. */
export interface InspectedContainer {
  readonly id: string
  readonly status: string
  readonly restarts: number
  readonly labels: Labels
  /** Exit code of its last end. */
  readonly exitCode: number
  /** What its health check says; undefined: it has none. */
  readonly health: string | undefined
  /** Its addresses by network. */
  readonly addresses: Readonly<Record<string, string>>
}

export interface ListedResource {
  readonly id: string
  readonly name: string
  readonly labels: Labels
  /** Milliseconds since 1970. */
  readonly createdAtMs: number
}

export interface ListedNetwork extends ListedResource {
  readonly created: string
  /** In the form `10.0.0.0/28`. */
  readonly subnets: readonly string[]
}

export type CreateContainer = Docker.ContainerCreateOptions

type PullWithLogin = (
  reference: string,
  options: { readonly abortSignal: AbortSignal },
  callback: undefined,
  login: ImageRequest['login'],
) => Promise<NodeJS.ReadableStream>
type Inspectable = { inspect(options: { abortSignal: AbortSignal }): Promise<unknown> }
// In dockerode, and not in its types.
type SavesImages = { getImages(options: { names: readonly string[]; abortSignal: AbortSignal }): Promise<Readable> }
type WithSignals = { version(options: { abortSignal: AbortSignal }): Promise<Docker.DockerVersion> }

const createMs = 60_000

/**
 * The calls of the engine that we use, with its errors translated. Everything else in this package sees this and never
 * dockerode.
 */
export function openDocker({ options }: Pick<Connection, 'options'> = connectionOf({}, process.env)) {
  const docker = new Docker(options)
  const byLabels = (wanted: Labels) => ({ label: Object.entries(wanted).map(([name, value]) => `${name}=${value}`) })

  return {
    // dockerode takes a signal here, its types do not say so.
    version: (signal: AbortSignal) => translated(() => (docker as WithSignals).version({ abortSignal: signal })),

    hasImage: (reference: string, signal: AbortSignal) =>
      unlessMissing(() => (docker.getImage(reference) as Inspectable).inspect({ abortSignal: signal })).then(Boolean),
    pullImage: (reference: string, login: ImageRequest['login'], progress: ProgressOptions, signal: AbortSignal) =>
      translated(async () => {
        // The login as an argument of its own: among the options it would stand in the address of the request.
        const stream = await (docker.pull.bind(docker) as PullWithLogin)(
          reference,
          { abortSignal: signal },
          undefined,
          login,
        )
        await readProgress(stream as Readable, progress)
      }),
    saveImages: (names: readonly string[], signal: AbortSignal) =>
      translated(async () => (docker as unknown as SavesImages).getImages({ names, abortSignal: signal })),
    loadImage: (tar: Readable, signal: AbortSignal) =>
      translated(async () => readProgress((await docker.loadImage(tar, { abortSignal: signal })) as Readable)),
    importImage: (tar: Readable, reference: string, changes: readonly string[], signal: AbortSignal) =>
      translated(async () => {
        const [repo, tag] = splitReference(reference)
        const options = { repo, tag, changes: [...changes], abortSignal: signal }
        await readProgress((await docker.importImage(tar, options)) as Readable)
      }),
    buildImage: (tar: Readable, reference: string, signal: AbortSignal) =>
      translated(async () => {
        const options = { t: reference, forcerm: true, abortSignal: signal }
        await readProgress((await docker.buildImage(tar, options)) as Readable)
      }),

    createNetwork: (name: string, networkLabels: Labels, subnet: string, signal: AbortSignal) =>
      whole(signal, async (abortSignal) => {
        const IPAM = { Driver: 'default', Config: [{ Subnet: subnet }] }
        const body = { Name: name, Labels: { ...networkLabels }, CheckDuplicate: true, IPAM, abortSignal }
        return (await docker.createNetwork(body)).id
      }),
    listNetworks: (filter: { name: string } | Labels, signal: AbortSignal) =>
      translated(async (): Promise<ListedNetwork[]> => {
        const filters = 'name' in filter ? { name: [filter.name] } : byLabels(filter)
        const found = await docker.listNetworks({ filters, abortSignal: signal })
        return found.map((item) => ({
          id: item.Id,
          name: item.Name,
          labels: item.Labels ?? {},
          createdAtMs: Date.parse(item.Created),
          created: item.Created,
          subnets: (item.IPAM?.Config ?? []).flatMap(({ Subnet: subnet }) => subnet ?? []),
        }))
      }),
    removeNetwork: (id: string, signal: AbortSignal) =>
      unlessMissing(() => docker.getNetwork(id).remove({ abortSignal: signal })),

    createVolume: (name: string, volumeLabels: Labels, sizeMb: number | undefined, signal: AbortSignal) =>
      whole(signal, (abortSignal) => {
        const bound = sizeMb === undefined ? {} : { DriverOpts: { size: `${sizeMb}M` } }
        return docker.createVolume({ Name: name, Labels: { ...volumeLabels }, ...bound, abortSignal })
      }),
    volumeLabels: (name: string, signal: AbortSignal) =>
      unlessMissing(() => docker.getVolume(name).inspect({ abortSignal: signal })).then(
        (found) => found && (found.Labels ?? {}),
      ),
    listVolumes: (wanted: Labels, signal: AbortSignal) =>
      translated(async (): Promise<ListedResource[]> => {
        const { Volumes } = await docker.listVolumes({ filters: byLabels(wanted), abortSignal: signal })
        return (Volumes ?? []).map((item) => ({
          id: item.Name,
          name: item.Name,
          labels: item.Labels ?? {},
          // The types of dockerode leave it out.
          createdAtMs: Date.parse((item as { CreatedAt?: string }).CreatedAt ?? ''),
        }))
      }),
    removeVolume: (name: string, signal: AbortSignal) =>
      unlessMissing(() => docker.getVolume(name).remove({ abortSignal: signal })),

    createContainer: (body: CreateContainer, signal: AbortSignal) =>
      whole(signal, async (abortSignal) => (await docker.createContainer({ ...body, abortSignal })).id),
    putArchive: (id: string, tar: Readable, signal: AbortSignal) =>
      translated(() => docker.getContainer(id).putArchive(tar, { path: '/', abortSignal: signal })),
    startContainer: (id: string, signal: AbortSignal) =>
      translated(() => docker.getContainer(id).start({ abortSignal: signal })).catch(ignoreNotModified),
    stopContainer: (id: string, signal: AbortSignal) =>
      translated(() => docker.getContainer(id).stop({ abortSignal: signal })).catch(ignoreNotModified),
    renameContainer: (id: string, name: string, signal: AbortSignal) =>
      translated(() => docker.getContainer(id).rename({ name, abortSignal: signal })),
    inspectContainer: (name: string, signal: AbortSignal) =>
      unlessMissing(async (): Promise<InspectedContainer> => {
        const found = await docker.getContainer(name).inspect({ abortSignal: signal })
        const { Status: status, ExitCode: exitCode } = found.State
        const networks = Object.entries(found.NetworkSettings.Networks)
        return {
          id: found.Id,
          status,
          exitCode,
          restarts: found.RestartCount,
          labels: found.Config.Labels ?? {},
          health: found.State.Health?.Status,
          addresses: Object.fromEntries(networks.map(([network, { IPAddress }]) => [network, IPAddress])),
        }
      }),
    /** Waits for the end of a container. @returns its exit code */
    waitForContainer: (id: string, signal: AbortSignal) =>
      translated(async () => {
        const { StatusCode } = (await docker.getContainer(id).wait({ abortSignal: signal })) as { StatusCode: number }
        return StatusCode
      }),
    stats: (id: string, signal: AbortSignal) =>
      translated(async () => {
        const options = { stream: false as const, 'one-shot': true as const, abortSignal: signal }
        return docker.getContainer(id).stats(options)
      }),
    listContainers: (wanted: Labels, signal: AbortSignal) =>
      translated(async (): Promise<(ListedResource & { status: string })[]> => {
        const found = await docker.listContainers({ all: true, filters: byLabels(wanted), abortSignal: signal })
        return found.map((item) => ({
          id: item.Id,
          name: (item.Names[0] ?? '').replace(/^\//, ''),
          labels: item.Labels,
          createdAtMs: item.Created * 1000,
          status: item.State,
        }))
      }),
    removeContainer: (id: string, signal: AbortSignal) =>
      unlessMissing(() => docker.getContainer(id).remove({ force: true, v: false, abortSignal: signal })),
    logs: (id: string, lines: number, signal: AbortSignal) =>
      translated(async () => {
        const options = { stdout: true, stderr: true, tail: lines, follow: false as const, abortSignal: signal }
        return logLines(await docker.getContainer(id).logs(options))
      }),
    exec: (id: string, command: readonly string[], stdin: string, signal: AbortSignal) =>
      translated(() => runExec(docker.getContainer(id), command, stdin, signal)),
  }
}

export type DockerClient = ReturnType<typeof openDocker>

async function translated<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw translateDockerError(error)
  }
}

/**
 * Creations are not cut off: the engine would go on with them, and what it makes then, nobody would know of. The caller's
 * signal counts before and after.
 */
async function whole<T>(signal: AbortSignal, run: (deadline: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const made = await translated(() => run(AbortSignal.timeout(createMs)))
  signal.throwIfAborted()
  return made
}

async function unlessMissing<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    // 409: a removal of the same thing is already in progress.
    const { statusCode, message } = error as { statusCode?: number; message?: string }
    if (statusCode === 404 || (statusCode === 409 && message?.includes('already in progress'))) return undefined
    throw translateDockerError(error)
  }
}

function ignoreNotModified(error: unknown): void {
  if ((error as { cause?: { statusCode?: number } }).cause?.statusCode !== 304) throw error
}

function splitReference(reference: string): readonly [string, string] {
  const at = reference.lastIndexOf(':')
  return at > reference.lastIndexOf('/') ? [reference.slice(0, at), reference.slice(at + 1)] : [reference, 'latest']
}
