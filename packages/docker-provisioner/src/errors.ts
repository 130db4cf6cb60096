const brand = Symbol.for('osb.docker.ProvisionerError')

/** Stable words for what went wrong; match on them, never on texts. */
export type ProvisionerErrorCode =
  /** The image is not on the engine and cannot be fetched or built. */
  | 'IMAGE_UNAVAILABLE'
  /** The service did not become ready in time, or keeps ending. */
  | 'NOT_READY'
  /** No port of the range is free, or the port of an existing container is used by somebody else. */
  | 'PORT_TAKEN'
  /** Another network has addresses of the subnet. */
  | 'SUBNET_TAKEN'
  /** Disk, address pools or a quota are used up. */
  | 'OUT_OF_CAPACITY'
  /** The engine does not answer, or the connection broke. Retryable. */
  | 'DOCKER_UNREACHABLE'
  /** The call took longer than its deadline. Retryable. */
  | 'TIMEOUT'
  /** The name belongs to something that is not ours, or to a container made from another specification. */
  | 'NAME_TAKEN'
  /** It cannot be removed: a container has the volume, or is on the network. */
  | 'IN_USE'
  /** There is no such container. */
  | 'NOT_FOUND'
  /** The container exists but does not run. */
  | 'NOT_RUNNING'
  /** A command in the container ended with another exit code than 0. */
  | 'COMMAND_FAILED'
  /** The recipe cannot run on this engine. */
  | 'UNSUPPORTED'
  /** A recipe or its configuration is wrong. */
  | 'INVALID_RECIPE'
  /** The engine refused for a reason that has no code of its own. */
  | 'ENGINE_FAILED'

export interface ProvisionerErrorOptions {
  readonly cause?: unknown
  /** Last lines that the service or command wrote, with secrets masked; helps whoever reads the reason. */
  readonly lastLines?: readonly string[]
}

/** What an engine or a recipe could not do. Its message never holds a secret. */
export class ProvisionerError extends Error {
  override readonly name = 'ProvisionerError'
  readonly code: ProvisionerErrorCode
  readonly lastLines: readonly string[]

  constructor(code: ProvisionerErrorCode, message: string, options: ProvisionerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    Object.defineProperty(this, brand, { value: true })
    this.code = code
    this.lastLines = options.lastLines ?? []
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return this.code === 'DOCKER_UNREACHABLE' || this.code === 'TIMEOUT'
  }
}

/** Whether a value is a `ProvisionerError`, also one of another copy of this package; optionally of one code. */
export function isProvisionerError(value: unknown, code?: ProvisionerErrorCode): value is ProvisionerError {
  if (typeof value !== 'object' || value === null) return false
  if ((value as Record<symbol, unknown>)[brand] !== true) return false
  return code === undefined || (value as ProvisionerError).code === code
}
