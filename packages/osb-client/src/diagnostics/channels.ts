import { channel } from 'node:diagnostics_channel'
import type { OperationName } from 'osb-protocol'
import type { BrokerClientErrorCode } from '../errors/client-error.js'
import type { ResponseIssue } from '../errors/malformed-response-error.js'

/** The channels of `node:diagnostics_channel` that a client can be heard on. Names and messages are stable. */
export const clientDiagnosticsChannels = {
  /** A call begins: {@link CallReport}. */
  call: 'osb-client:call',
  /** A call is over: {@link CallEndReport}. */
  end: 'osb-client:end',
  /** A call is sent again: {@link RetryReport}. */
  retry: 'osb-client:retry',
  /** An answer has faults, and was taken all the same: {@link FindingsReport}. */
  findings: 'osb-client:findings',
} as const

/** What is told of a call. Ids are told, parameters and credentials never. */
export interface CallReport {
  readonly operation: OperationName
  /** Where the broker is, with its path prefix. */
  readonly broker: string
  readonly requestIdentity: string
  readonly instance_id?: string | undefined
  readonly binding_id?: string | undefined
  readonly service_id?: string | undefined
  readonly plan_id?: string | undefined
}

/** How a call ended. */
export interface CallEndReport {
  /** The very object that was told when the call began. */
  readonly call: CallReport
  /** From begin to end, further tries included. */
  readonly durationMs: number
  /** The outcome, such as `created`; absent when the call failed. */
  readonly outcome?: string
  /** The code of the error; `ABORTED` when something else ended the call, such as its signal. */
  readonly error?: BrokerClientErrorCode | 'ABORTED'
  /** The status of the answer that failed the call. */
  readonly status?: number
}

/** Why a call is sent again. */
export interface RetryReport {
  readonly call: CallReport
  readonly reason: 'version' | 'token' | 'not-sent' | 'no-answer' | 'unavailable' | 'redirect'
  /** The API version of the next try. */
  readonly apiVersion: string
}

/** Faults of an answer that was taken all the same. */
export interface FindingsReport {
  readonly call: CallReport
  readonly findings: readonly ResponseIssue[]
}

/** The channels, ready to be published on. */
export const channels = {
  call: channel(clientDiagnosticsChannels.call),
  end: channel(clientDiagnosticsChannels.end),
  retry: channel(clientDiagnosticsChannels.retry),
  findings: channel(clientDiagnosticsChannels.findings),
}
