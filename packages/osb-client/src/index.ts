/**
 * Typed client of the Open Service Broker API 2.17: the ten calls, polling, and errors that say what to clean up.
 * @module
 */
export { type BrokerClient, createBrokerClient } from './create-broker-client.js'
export type { BrokerAuth, BrokerClientOptions } from './client-options.js'
export type {
  Bound,
  Deletion,
  ProvisionedInstance,
  UpdatedInstance,
  WaitingCalls,
  WaitOptions,
} from './operations/waiting-calls.js'
export type { PollingOptions } from './polling/polling-options.js'
export type { CredentialsSchema, SchemaPathPart, SchemaResult } from './standard-schema.js'
export type { BrokerFetch, BrokerFetchInit } from './transport/fetch-transport.js'
export type { RequestDispatcher } from './transport/undici-transport.js'
export {
  BrokerClientError,
  type BrokerClientErrorCode,
  type FailedCall,
  isBrokerClientError,
} from './errors/client-error.js'
export { BrokerResponseError, isBrokerResponseError } from './errors/broker-response-error.js'
export { BrokerTimeoutError, isBrokerTimeoutError, type TimeoutPhase } from './errors/broker-timeout-error.js'
export { BrokerUnreachableError, isBrokerUnreachableError } from './errors/broker-unreachable-error.js'
export {
  isMalformedResponseError,
  MalformedResponseError,
  type ResponseIssue,
} from './errors/malformed-response-error.js'
export { isOperationFailedError, OperationFailedError } from './errors/operation-failed-error.js'
export { InvalidCredentialsError, isInvalidCredentialsError } from './errors/invalid-credentials-error.js'
