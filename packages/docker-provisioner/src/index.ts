export { findEngine, type FindEngineOptions } from './engine/find-engine.js'
export { dockerEngine, type DockerEngineOptions } from './engine/docker/docker-engine.js'
export type { DockerTcp } from './engine/docker/connection.js'
export { embeddedEngine, type EmbeddedEngineOptions } from './engine/embedded/embedded-engine.js'
export type {
  ContainerSpec,
  ContainerState,
  ContainerStats,
  ContainerStatus,
  Engine,
  EngineInfo,
  ExecOptions,
  ExecResult,
  Limits,
  Mount,
  NetworkSpec,
  Owner,
  Place,
  Resource,
  ServiceProcess,
  ServiceSpec,
  VolumeCopy,
  VolumeSpec,
} from './engine/engine.js'
export type { CallOptions } from './engine/call-options.js'
export type { ImageCall, ImageRequest, ImageSource, LocalImage } from './engine/image-source.js'
export type { SubnetRange } from './engine/docker/subnets.js'
export type { PortRange } from './engine/ports.js'

export { dockerOffering, type DockerOfferingOptions } from './offering/docker-offering.js'
export type { InstanceState } from './offering/provision-instance.js'

export type { Quota } from './offering/quota.js'
export { holdStorage } from './operations/hold-storage.js'
export type { HoldStorageOptions, StorageReport } from './operations/hold-storage.js'
export type { StoredOffering } from './operations/labelled-service.js'
export { inspectInstance } from './operations/inspect-instance.js'
export type { InspectInstanceOptions, InstanceReport } from './operations/inspect-instance.js'
export { knownInstances } from './operations/known-instances.js'
export type { LostService } from './operations/lost-service.js'
export { reconcile } from './operations/reconcile.js'
export type { DriftedInstance, KnownInstance, ReconcileOptions, ReconcileReport } from './operations/reconcile.js'

export { defineRecipe } from './recipes/recipe.js'
export type {
  PlanLimits,
  ProcessInput,
  Recipe,
  RecipeVersions,
  RecipeBindInput,
  RecipeUnbindInput,
  Secrets,
  ServiceAccess,
  StorageAccess,
  StorageRules,
} from './recipes/recipe.js'
export { collectorRecipe, type CollectorRecipeOptions } from './recipes/collector-recipe.js'
export { containerRecipe } from './recipes/container-recipe.js'
export type { CommandTemplate, ContainerRecipeOptions } from './recipes/container-recipe.js'
export { mariadbRecipe, mysqlRecipe } from './recipes/mysql/mysql-recipe.js'
export { postgresqlRecipe } from './recipes/postgresql/postgresql-recipe.js'
export { rabbitmqRecipe } from './recipes/rabbitmq/rabbitmq-recipe.js'
export { redisRecipe } from './recipes/redis-recipe.js'
export type { DatabaseRecipeOptions } from './recipes/database-recipe.js'
export type { Template } from './recipes/template.js'

export { nodeImage, type NodeImageOptions } from './images/node-image.js'

export { allOf } from './ready/all-of.js'
export { command } from './ready/command.js'
export { healthy } from './ready/healthy.js'
export { http } from './ready/http.js'
export { logLine } from './ready/log-line.js'
export { portOpen } from './ready/port-open.js'
export type { ReadyStrategy, ReadyTarget } from './ready/ready-strategy.js'

export { isProvisionerError, ProvisionerError } from './errors.js'
export type { ProvisionerErrorCode, ProvisionerErrorOptions } from './errors.js'
export { isOurs, labels, managedByUs, type Labels } from './labels.js'
