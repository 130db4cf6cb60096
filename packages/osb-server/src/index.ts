/**
 * A request handler for the Open Service Broker API 2.17 that fits in any Node app. Offerings are declared with
 * `defineOffering`; back ends of another kind are served by `createBrokerFromBackend`. Node's own modules are used
 * by the entries `osb-server/node` and `osb-server/sqlite` only.
 * @module
 */
export {
  type BackendBrokerOptions,
  type BackendTenant,
  createBrokerFromBackend,
} from './wire/create-broker-from-backend.js'
export type { Broker } from './wire/broker.js'
export type { BrokerOptions } from './wire/broker-options.js'
export type { RateLimit } from './wire/rate-limit.js'
export type { Tenant, Tenants } from './wire/tenants.js'
export type { BrokerHooks, ErrorReport, OutcomeReport, RequestReport } from './hooks/reports.js'
export type { ParsedBody, WireRequest, WireResponse } from './wire/wire-request.js'
export { checkMaintenanceInfo, type MaintainedPlan } from './wire/check-maintenance-info.js'
export type { AuthenticationRequest, Authenticator, Login } from './auth/authenticator.js'
export { anyOf } from './auth/any-of.js'
export { basicAuth } from './auth/basic-auth.js'
export type { BasicCredentials } from './auth/basic-credentials.js'
export { bearerAuth, type BearerAuthOptions, type VerifyToken } from './auth/bearer-auth.js'
export { noAuth } from './auth/no-auth.js'
export { isSecret, Secret, secret } from './secret.js'
export type { BrokerBackend, RequestDetails } from './backend.js'
export { type BackendPart, composeBackends, type ComposeOptions } from './backends/compose-backends.js'
export { type InstanceKey, type InstancePlace, type InstancePlaces, memoryPlaces } from './backends/instance-places.js'
export { proxyBackend } from './backends/proxy-backend.js'
export {
  type OperationContent,
  type OperationResource,
  type SignedOperationKind,
  type SignedOperations,
  type SignedOperationsOptions,
  signedOperations,
} from './backends/signed-operations.js'
export {
  type FailureHints,
  isOsbError,
  OsbError,
  type OsbErrorCode,
  type OsbErrorOptions,
  type RequestIssue,
} from './errors.js'
export type { CatalogFinding, FindingLevel } from 'osb-protocol/catalog'
export { compareCatalogs } from 'osb-protocol/catalog'
export { lintCatalog } from './catalog/lint-catalog.js'
export type { OfferingBehaviour } from './offering/behaviour.js'
export { defineOffering, type OfferingDefinition, type OfferingProperties } from './offering/define-offering.js'
export { definePlan, type PlanDefinition } from './offering/define-plan.js'
export type {
  BindInput,
  BindingData,
  BindResult,
  DashboardInput,
  DeprovisionInput,
  HandlerContext,
  InstanceRemains,
  InstanceView,
  OfferingHandlers,
  ProvisionInput,
  Provisioned,
  ProvisionResult,
  StatelessResult,
  ReadBindingInput,
  UnbindInput,
  UpdateInput,
  UpdateResult,
} from './offering/handlers.js'
export type { ParametersDefinition, ParsedParameters, PlanParameters } from './offering/parameters.js'
export { parseParameters } from './offering/parse-parameters.js'
export { toCatalog } from './offering/to-catalog.js'
export type {
  BrokerStore,
  Lease,
  ListOptions,
  OperationKind,
  OnUnreadable,
  OperationOutcome,
  OperationRecord,
  RecordPage,
  ResourceContent,
  ResourceKey,
  ResourceRecord,
  ResourceSecrets,
  ResourceStatus,
  ResourceWrite,
  StoredResources,
} from './stores/broker-store.js'
export { type AdoptedInstance, adoptInstance } from './lifecycle/adopt-instance.js'
export { createBroker, type CreateBrokerOptions, type ManagedBroker } from './lifecycle/create-broker.js'
export type { DueBinding, OnBindingDue } from './lifecycle/due-bindings.js'
export type { FindStuckOptions, StuckReason, StuckResource } from './lifecycle/find-stuck.js'
export type { Maintenance } from './lifecycle/managed-backend.js'
export type { SweepAction, SweepOptions, SweepReport, SweptResource } from './lifecycle/sweep.js'
export type { OfferingTenant } from './lifecycle/tenant-offerings.js'
export type { LifecycleOptions } from './lifecycle/lifecycle-options.js'
export { type HaltReason, OperationHalted } from './lifecycle/running-operation.js'
export type { MaybePromise } from './is-promise.js'
export { memoryStore } from './stores/memory-store.js'
export { isStoreError, StoreError, type StoreErrorCode } from './stores/store-error.js'
