export { composeVcapServices } from './compose-vcap-services.js'
export type {
  ComposedService,
  ComposedVolumeMount,
  ManagedBinding,
  UserProvidedBinding,
} from './compose-vcap-services.js'
export { isVcapError, VcapError } from './errors.js'
export type { CredentialsIssue, ServiceCandidate, VcapErrorCode, VcapErrorDetails } from './errors.js'
export type { BoundService, VolumeMount } from './bound-service.js'
export { deriveDatabaseUrl } from './database-url.js'
export type { CredentialsPath } from './pick-credentials.js'
export type { VcapWarning } from './parse-services.js'
export { readVcapApplication } from './read-vcap-application.js'
export type { InstancePort, ReadVcapApplicationOptions, VcapApplication } from './read-vcap-application.js'
export { readVcapServices } from './read-vcap-services.js'
export type { ReadVcapServicesOptions } from './read-vcap-services.js'
export type { ServicePredicate, ServiceQuery, ServiceSelector, TextMatch } from './select.js'
export type { Environment, SourceVariable, VcapSource } from './sources.js'
export type { OutputOf, StandardIssue, StandardResult, StandardSchema } from './standard-schema.js'
export type { UnknownRecord } from './structure.js'
export type { VcapServices } from './vcap-services.js'
export { watchVcapServices } from './watch-vcap-services.js'
export type { WatchVcapServicesOptions } from './watch-vcap-services.js'
