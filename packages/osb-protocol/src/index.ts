/**
 * The wire of the Open Service Broker API 2.17: schemas and types, the route table, operation × outcome → status,
 * header codecs, error codes and the orphan-mitigation table. No I/O and no behaviour of its own.
 * @module
 */
export {
  type HttpMethod,
  type OperationName,
  operationNames,
  type OperationTarget,
  type PathIds,
  type QueryName,
  type Route,
  routes,
} from './operations.js'
export { buildPath, encodePathSegment, matchPath, type RouteMatch } from './paths.js'
export { type OutcomeName, outcomeOf, outcomeStatuses, statusOf } from './outcomes.js'
export { type ErrorCode, errorCodes } from './errors.js'
export {
  type ApiVersion,
  formatOriginatingIdentity,
  headerNames,
  type OriginatingIdentity,
  parseApiVersion,
  parseOriginatingIdentity,
  parseRetryAfter,
  protocolVersion,
} from './headers.js'
export { orphanMitigation, type OrphanMitigation, type PolledKind, type RequestEnding } from './orphan-mitigation.js'
export { orphanMitigationBy, orphanPolicies, type OrphanPolicy } from './orphan-policies.js'
export { jsonPointer, requirementOf, requirementPlaces } from './requirements.js'
export type {
  BrokerCalls,
  CallDetails,
  BindCall,
  BindOutcome,
  CatalogCall,
  CatalogOutcome,
  DeprovisionCall,
  DeprovisionOutcome,
  FetchBindingCall,
  FetchBindingOutcome,
  FetchInstanceCall,
  FetchInstanceOutcome,
  LastBindingOperationCall,
  LastInstanceOperationCall,
  LastOperationOutcome,
  ProvisionCall,
  ProvisionOutcome,
  UnbindCall,
  UnbindOutcome,
  UpdateCall,
  UpdateOutcome,
} from './calls.js'
export {
  type Context,
  context,
  type InstanceMetadata,
  instanceMetadata,
  type JsonObject,
  jsonObject,
  type MaintenanceInfo,
  maintenanceInfo,
  maximumOperationCharacters,
  operationText,
} from './schemas/common.js'
export { fits } from './schemas/fits.js'
export {
  type Catalog,
  catalog,
  type DashboardClient,
  dashboardClient,
  type Permission,
  permissions,
  type PlanSchemas,
  planSchemas,
  type ServiceOffering,
  serviceOffering,
  type ServicePlan,
  servicePlan,
} from './schemas/catalog.js'
export {
  type BindRequest,
  bindRequest,
  type BindResource,
  bindResource,
  type PreviousValues,
  previousValues,
  type ProvisionRequest,
  provisionRequest,
  type UpdateRequest,
  updateRequest,
} from './schemas/requests.js'
export {
  type Accepted,
  accepted,
  type BindingMetadata,
  bindingMetadata,
  type BindingResponse,
  bindingResponse,
  type BindResponse,
  bindResponse,
  type Endpoint,
  endpoint,
  type ErrorResponse,
  errorResponse,
  type InstanceResponse,
  instanceResponse,
  type LastOperation,
  lastOperation,
  type OperationState,
  operationStates,
  type ProvisionAccepted,
  provisionAccepted,
  type ProvisionResponse,
  provisionResponse,
  responseSchemas,
  type UpdateAccepted,
  updateAccepted,
  type UpdateResponse,
  updateResponse,
  type VolumeMount,
  volumeMount,
} from './schemas/responses.js'
