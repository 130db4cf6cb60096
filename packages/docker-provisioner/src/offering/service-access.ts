import type { ContainerStatus, Engine } from '../engine/engine.js'
import { ProvisionerError } from '../errors.js'
import type { Recipe, Secrets, ServiceAccess } from '../recipes/recipe.js'
import { databaseName } from '../resource-names.js'
import { type InstanceIds, planLimits } from './instance-resources.js'
import { maskSecrets } from './mask-secrets.js'

/** What the functions of a recipe work with. */
export function serviceAccess(
  engine: Engine,
  recipe: Recipe,
  ids: InstanceIds,
  { name, host, ports, place }: ContainerStatus,
  secrets: Secrets,
  moreSecrets: readonly string[],
  signal: AbortSignal,
): ServiceAccess {
  const hidden = [...Object.values(secrets), ...moreSecrets]
  const exec: ServiceAccess['exec'] = (command, stdin) => engine.exec(name, command, { stdin, signal })
  return {
    host,
    ports,
    place,
    secrets,
    database: databaseName(ids.tenant, ids.instance_id),
    limits: planLimits(recipe, ids.plan_name),
    signal,
    exec,
    async run(command, stdin) {
      const { exitCode, stdout, stderr } = await exec(command, stdin)
      if (exitCode === 0) return stdout
      const lastLines = maskSecrets(stderr || stdout, hidden)
        .trim()
        .split('\n')
        .slice(-5)
      throw new ProvisionerError('COMMAND_FAILED', `${command[0]} ended with exit code ${exitCode}`, { lastLines })
    },
  }
}
