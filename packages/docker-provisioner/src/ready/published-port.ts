import type { ContainerStatus } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'

/** @throws ProvisionerError `INVALID_RECIPE` where the recipe publishes no port of this name */
export function publishedPort({ ports }: Pick<ContainerStatus, 'ports'>, name: string): number {
  const port = ports[name]
  if (port === undefined) throw new ProvisionerError('INVALID_RECIPE', `the recipe has no port named ${name}`)
  return port
}
