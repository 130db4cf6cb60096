import type { ContainerStatus, ExecResult } from '../engine/engine.js'

/** What a strategy may ask a service. */
export interface ReadyTarget {
  readonly status: ContainerStatus
  exec(command: readonly string[], stdin?: string): Promise<ExecResult>
  logs(): Promise<readonly string[]>
  readonly signal: AbortSignal
}

/** Looks once. @returns undefined when the service is ready, else what is missing, for people */
export type ReadyStrategy = (target: ReadyTarget) => Promise<string | undefined>
