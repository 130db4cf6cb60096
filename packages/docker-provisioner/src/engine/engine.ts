import type { Readable } from 'node:stream'
import type { Labels } from '../labels.js'
import type { CallOptions } from './call-options.js'
import type { ImageCall, ImageSource } from './image-source.js'

export interface EngineInfo {
  readonly kind: Engine['kind']
  /** For people, such as `Docker 20.10.24`. */
  readonly description: string
}

/** User and group ids that a service runs as. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

export interface NetworkSpec {
  readonly name: string
  readonly labels: Labels
}

export interface VolumeSpec {
  readonly name: string
  readonly labels: Labels
  readonly owner: Owner
  /** An image that is on the engine; a container of it that never starts carries owner and files into the volume. */
  readonly image: string
  /** Secret files by name, written again each time, readable by the owner only. Absent: an empty data volume. */
  readonly files?: Readonly<Record<string, string>> | undefined
  /** Most MiB that it may hold, where the engine's storage driver can hold it; of a volume that exists it stays as it is. */
  readonly sizeMb?: number | undefined
}

/** A copy of a volume's content. */
export interface VolumeCopy {
  readonly from: string
  /** What it has is replaced. */
  readonly to: string
  readonly owner: Owner
  /** An image that is on the engine, with `sh`, `cp` and `rm`. */
  readonly image: string
  readonly labels: Labels
}

/** Where a service finds itself: differs between a container and a process on the host. */
export interface Place {
  readonly engine: Engine['kind']
  /** Address to listen on. */
  readonly host: string
  /** Ports to listen on by name. */
  readonly ports: Readonly<Record<string, number>>
  /** Absolute paths of mounted volumes by name. */
  readonly paths: Readonly<Record<string, string>>
}

/** What runs. Everybody who may inspect the engine can read it: never a secret in it. */
export interface ServiceProcess {
  /** Program and arguments. Absent: the image's own (Docker only). */
  readonly command?: readonly string[] | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
}

export interface Mount {
  /** The name that `Place.paths` has it under. */
  readonly name: string
  readonly volume: string
  /** Path inside the container. */
  readonly path: string
  readonly readOnly?: boolean | undefined
}

/** Upper bounds; the embedded engine cannot hold them. */
export interface Limits {
  /** In MiB (1,048,576 bytes); swap is not added to it. Default: none. */
  readonly memoryMb?: number | undefined
  /** In whole processors, such as 0.5. Default: none. */
  readonly cpus?: number | undefined
  /** Processes and threads. Default: 256. */
  readonly pids?: number | undefined
}

export interface ContainerSpec {
  readonly name: string
  readonly labels: Labels
  /** What `ensureImage` returned. */
  readonly image: string
  readonly network: string
  /** Ports inside the container by name; each is published on a port of the engine's range that never changes. */
  readonly ports: Readonly<Record<string, number>>
  readonly mounts: readonly Mount[]
  readonly user: Owner
  readonly limits: Limits
  /** Pure: the same place gives the same process. */
  readonly process: (place: Place) => ServiceProcess
  /** How it runs as a process on the host; absent: Docker only. */
  readonly embedded?: { readonly folder: string } | undefined
  /** Seconds between the polite and the hard end. Default: 10. */
  readonly stopTimeoutSeconds?: number | undefined
  /** A stopped container that this one takes the place of, and whose host ports it takes over. */
  readonly portsOf?: string | undefined
}

/** A container, and what it stands on. */
export interface ServiceSpec {
  readonly network: NetworkSpec
  readonly volumes: readonly VolumeSpec[]
  readonly container: ContainerSpec
}

export type ContainerState = 'created' | 'running' | 'restarting' | 'stopped'

export interface ContainerStatus {
  readonly name: string
  readonly state: ContainerState
  /** How often the engine started it again because it had ended. */
  readonly restarts: number
  readonly labels: Labels
  /** Where clients reach it. */
  readonly host: string
  /** Where this process reaches it: another address than clients have where a service is advertised under a name. */
  readonly probeHost: string
  /** Ports that clients use by name: the published ones, or those inside where none is published. */
  readonly ports: Readonly<Record<string, number>>
  readonly place: Place
  /** What the image's own health check says; `none`: it has none. */
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy'
}

/** What a running service uses at this moment. */
export interface ContainerStats {
  /** Without what the system could take back at once. */
  readonly memoryBytes: number
  /** Time of all processors since its start. Absent where the engine does not say. */
  readonly cpuSeconds?: number | undefined
  /** Processes and threads. Absent where the engine does not say. */
  readonly pids?: number | undefined
}

export interface ExecOptions extends CallOptions {
  /** The only way for secrets into a command: arguments and environment are visible to others. */
  readonly stdin?: string | undefined
}

/** Output is cut at 1 MiB each. */
export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface Resource {
  readonly kind: 'container' | 'network' | 'volume'
  readonly name: string
  readonly labels: Labels
  /** Milliseconds since 1970, by the engine's clock. */
  readonly createdAtMs: number
  /** Of a container. */
  readonly state?: ContainerState | undefined
}

/**
 * Runs services. Every `ensure…` may be repeated at any time and ends in the same place, also after a crash in the
 * middle and also when two brokers do it at once; the engine itself is the record of what exists. All calls have a
 * deadline, end at once when they are aborted, and reject with `ProvisionerError`. All but `info` and `exec` are done
 * again, twice, when the connection to the engine breaks. `engineContract` is its test.
 */
export interface Engine {
  readonly kind: 'docker' | 'embedded'
  /** @throws ProvisionerError `DOCKER_UNREACHABLE` */
  info(call?: CallOptions): Promise<EngineInfo>
  /** Whether the image is there already. The embedded engine has no images. */
  hasImage(reference: string, call?: CallOptions): Promise<boolean>
  /**
   * Makes sure that the image is there: fetched as its policy says, by default only when absent; built when absent.
   * Deadline: 10 minutes; a registry that sends nothing for a minute ends it, too.
   * @returns the reference for `ContainerSpec.image`
   * @throws ProvisionerError `IMAGE_UNAVAILABLE`
   */
  ensureImage(source: ImageSource, call?: ImageCall): Promise<string>
  /**
   * One archive of all these images, as `docker save` writes it. The deadline (30 s) is that of its beginning; the signal
   * also ends the stream.
   * @throws ProvisionerError `UNSUPPORTED` by the embedded engine, which has no images
   */
  saveImages(references: readonly string[], call?: CallOptions): Promise<Readable>
  ensureNetwork(spec: NetworkSpec, call?: CallOptions): Promise<void>
  /** Makes sure that all are there, with their files. @throws ProvisionerError `UNSUPPORTED` for a size it cannot hold */
  ensureVolumes(specs: readonly VolumeSpec[], call?: CallOptions): Promise<void>
  /**
   * The three ensures for one service, side by side as far as the engine can do that. Rejects only when none of them runs
   * any more. Deadline: 2 minutes.
   */
  ensureService(spec: ServiceSpec, call?: CallOptions): Promise<ContainerStatus>
  /** Copies a volume that nobody writes to. Deadline: 30 minutes. @throws ProvisionerError `COMMAND_FAILED` */
  copyVolume(copy: VolumeCopy, call?: CallOptions): Promise<void>
  /**
   * Makes sure that the container exists and runs; does not wait until the service is ready. Deadline: 2 minutes.
   * @throws ProvisionerError `NAME_TAKEN`, `PORT_TAKEN`, `IMAGE_UNAVAILABLE`, `UNSUPPORTED`
   */
  ensureContainer(spec: ContainerSpec, call?: CallOptions): Promise<ContainerStatus>
  /** Starts an existing container unless it runs. @throws ProvisionerError `NOT_FOUND` */
  startContainer(name: string, call?: CallOptions): Promise<void>
  /** Stops it unless it stands still; it stays stopped, also over restarts of the engine. */
  stopContainer(name: string, call?: CallOptions): Promise<void>
  /**
   * Gives a container another name, with its ports and all that it is; done already is fine.
   * @throws ProvisionerError `NOT_FOUND`, `NAME_TAKEN`
   */
  renameContainer(from: string, to: string, call?: CallOptions): Promise<void>
  /** @returns undefined where no container of ours has the name */
  inspectContainer(name: string, call?: CallOptions): Promise<ContainerStatus | undefined>
  /**
   * Runs a command beside the service, with its user, environment and working folder. An abort ends the call
   * at once, and the command soon after (on Docker where its image has `sh` and `grep`). Deadline: 60 s. Never repeated.
   * @throws ProvisionerError `NOT_FOUND`, `NOT_RUNNING`
   */
  exec(name: string, command: readonly string[], options?: ExecOptions): Promise<ExecResult>
  /** @throws ProvisionerError `NOT_FOUND`, `NOT_RUNNING` */
  stats(name: string, call?: CallOptions): Promise<ContainerStats>
  /** The last lines that the service wrote, oldest first. */
  logs(name: string, options?: CallOptions & { readonly lines?: number }): Promise<readonly string[]>
  /** What we made and has all these labels. */
  list(wanted?: Labels, call?: CallOptions): Promise<readonly Resource[]>
  /** Removes it, running or not, unless it is gone already. @throws ProvisionerError `NAME_TAKEN` if it is not ours */
  remove(resource: Pick<Resource, 'kind' | 'name'>, call?: CallOptions): Promise<void>
}
