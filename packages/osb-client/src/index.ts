/**
 * Typed client of the Open Service Broker API 2.17: the ten calls, polling, and errors that say what to clean up.
 * @module
 */
export { type BrokerClient, createBrokerClient } from './create-broker-client.js'
export type { BrokerAuth, BrokerAuthHeaders, TokenProvider } from './auth/broker-auth.js'
export type { BrokerClientOptions, RequestReport } from './client-options.js'
export type { Clock } from './clock.js'
export {
  type CallEndReport,
  type CallReport,
  clientDiagnosticsChannels,
  type FindingsReport,
  type RetryReport,
} from './diagnostics/channels.js'
export type { CatalogReadOptions } from './catalog/read-catalog.js'
export { type PlanTraits, planTraits } from './catalog/plan-traits.js'
export {
  cloudFoundryBindContext,
  cloudFoundryContext,
  cloudFoundryIdentity,
  type CloudFoundryPlace,
} from './platforms/cloud-foundry.js'
export {
  kubernetesBindContext,
  kubernetesContext,
  kubernetesIdentity,
  type KubernetesPlace,
  type KubernetesUser,
} from './platforms/kubernetes.js'
export type { LedgerEntry, LedgerState, OrphanLedger } from './orphans/orphan-ledger.js'
export { type FileLedger, fileLedger } from './orphans/file-ledger.js'
export type { MitigationOptions } from './orphans/mitigate-orphan.js'
export { type Orphan, orphanOf } from './orphans/orphan.js'
export type { BrokerProxy, BrokerTls } from './transport/agent-options.js'
export type {
  Bound,
  Deletion,
  ProvisionedInstance,
  OperationEnd,
  PendingOperation,
  UpdatedInstance,
  WaitingCalls,
  WaitOptions,
  WatchOptions,
} from './operations/waiting-calls.js'
export type { PollingOptions } from './polling/polling-options.js'
export {
  type BindingCalls,
  catalogClient,
  type CatalogClient,
  type CatalogIds,
  type BindingIdCall,
  type InstanceCalls,
  type InstanceIdCall,
  type PlanBindCall,
  type PlanClient,
  type PlanParameters,
  type PlanProvisionCall,
  type PlanUpdateCall,
  type WithParameters,
} from './generator/catalog-client.js'
export { generateCatalogClient } from './generator/generate-catalog-client.js'
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
export { isUnsupportedVersionError, UnsupportedVersionError } from './errors/unsupported-version-error.js'
