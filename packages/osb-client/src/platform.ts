/**
 * What a platform does for services, on one machine: registered brokers, access, instances and bindings by name, and
 * the environment that apps get.
 * @module
 */
export { openPlatform, type Platform, type PlatformOptions } from './platform/open-platform.js'
export type { AccessChange, BrokerRegistration } from './platform/brokers.js'
export type { BindOrder } from './platform/bind.js'
export type { CleanUpStep } from './platform/clean-up-step.js'
export type { InstanceOrder } from './platform/create-instance.js'
export type { InstanceUpdate } from './platform/update-instance.js'
export type { OperationOptions } from './platform/operations.js'
export { isPlatformError, PlatformError, type PlatformErrorCode } from './platform/platform-error.js'
export type { PlatformProfile } from './platform/profiles.js'
export type { ProcessMark } from './platform/process-mark.js'
export type { Run, RunService } from './platform/runs.js'
export type { UnregisteredBroker } from './platform/world.js'
export type { UserProvidedService } from './platform/user-provided.js'
export { findApp } from './platform/find.js'
export {
  composeApplication,
  type ComposedServices,
  composeServices,
  composeVariables,
} from './platform/app-environment.js'
export {
  type BindingFiles,
  composeBindingFolders,
  composeServicesFile,
  writeBindingFiles,
} from './platform/binding-files.js'
export type {
  AppRecord,
  BindingRecord,
  BrokerRecord,
  InstanceChange,
  InstanceRecord,
  LastOperationRecord,
  ManagedInstance,
  Named,
  PlanAccess,
  PlatformState,
  RunRecord,
  UserProvidedInstance,
} from './platform/state.js'
