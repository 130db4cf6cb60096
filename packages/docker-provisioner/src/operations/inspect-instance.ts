import type { ContainerStats, ContainerStatus, Engine } from '../engine/engine.js'
import { instanceNames } from '../resource-names.js'

/** One service instance as its engine has it. */
export interface InstanceReport {
  readonly status: ContainerStatus
  /** Absent where it does not run. */
  readonly stats?: ContainerStats
  /** The last lines that the service wrote, oldest first. They may hold what its users sent. */
  readonly logs: readonly string[]
}

export interface InspectInstanceOptions {
  /** Default: the empty string, as of a broker without tenants. */
  readonly tenant?: string | undefined
  /** Of the log. Default: 20. */
  readonly lines?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * State, use and last log lines of one instance's service.
 * @returns undefined where the engine has none
 * @throws ProvisionerError when the engine does not answer
 * @example const { stats, logs } = (await inspectInstance(engine, instance_id)) ?? {}
 */
export async function inspectInstance(
  engine: Engine,
  instance_id: string,
  { tenant = '', lines = 20, signal }: InspectInstanceOptions = {},
): Promise<InstanceReport | undefined> {
  const { container } = instanceNames(tenant, instance_id)
  const status = await engine.inspectContainer(container, { signal })
  if (!status) return undefined
  const logs = await engine.logs(container, { lines, signal })
  if (status.state !== 'running') return { status, logs }
  return { status, logs, stats: await engine.stats(container, { signal }) }
}
