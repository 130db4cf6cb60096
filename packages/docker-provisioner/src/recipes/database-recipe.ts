import type { Owner } from '../engine/engine.js'
import type { ImageSource } from '../engine/image-source.js'
import type { PlanLimits, Recipe, RecipeVersions } from './recipe.js'

/** What the recipes of databases have in common. */
export interface DatabaseRecipeOptions<PlanName extends string> {
  /** An image with the service's own programs; its entry point is passed over. */
  readonly image?: ImageSource | undefined
  /** Account that the image has for the service. Default: 999 and 999, as in the official images. */
  readonly user?: Owner | undefined
  /** What the plans give, by the plan's name. Default: `small` and `large`. */
  readonly plans?: Readonly<Record<PlanName, PlanLimits>> | undefined
  /** Of the image, and what may be upgraded to it. Default: instances keep the image that they were made with. */
  readonly versions?: RecipeVersions | undefined
}

/** The plans given, or the default ones, which are what the type argument defaults to. */
export function plansOf<PlanName extends string>(
  options: DatabaseRecipeOptions<PlanName>,
  byDefault: Readonly<Record<'small' | 'large', PlanLimits>>,
): Recipe<PlanName>['plans'] {
  return options.plans ?? (byDefault as unknown as Recipe<PlanName>['plans'])
}

/** Whether a binding is to read only; what its parameter `read_only` says. */
export function isReadOnly({ parameters }: { readonly parameters: Readonly<Record<string, unknown>> }): boolean {
  return parameters['read_only'] === true
}

/** The parameters of a binding that can be restricted to reading. */
export const readOnlyParameter = {
  bind: {
    jsonSchema: {
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      additionalProperties: false,
      properties: {
        read_only: { type: 'boolean', default: false, description: 'Whether the login may read only.' },
      },
    },
  },
}

/** Part of a plan's memory in MiB, at least 1. */
export function shareOf(memoryMb: number, share: number): number {
  return Math.max(1, Math.floor(memoryMb * share))
}

/** A host as it stands in a URI: IPv6 addresses in brackets. */
export function uriHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
