import type { BindResult } from 'osb-server'
import type { Owner, Place } from '../engine/engine.js'
import type { ImageSource } from '../engine/image-source.js'
import type { ReadyStrategy } from '../ready/ready-strategy.js'
import {
  defineRecipe,
  type PlanLimits,
  type Recipe,
  type RecipeBindInput,
  type RecipeUnbindInput,
  type RecipeVersions,
} from './recipe.js'
import { fill, fillText, type Template, type Variables } from './template.js'

/** A command run beside the service; arguments are visible to others, so what is secret goes into `stdin`. */
export interface CommandTemplate {
  readonly command: readonly string[]
  readonly stdin?: string
}

/**
 * A service described by data alone. Texts may have variables: in `command` and `env` `{{listen.host}}`,
 * `{{listen.ports.NAME}}`, `{{volumes.NAME}}`, and with `secretsInEnvironment` in `env` `{{secrets.NAME}}`; in `credentials` and the bind and unbind commands `{{host}}`,
 * `{{ports.NAME}}`, `{{volumes.NAME}}`, `{{binding_id}}`, `{{username}}`; in `credentials` and `stdin` also
 * `{{password}}` and `{{secrets.NAME}}`.
 */
export interface ContainerRecipeOptions<PlanName extends string> {
  readonly name: string
  readonly image: ImageSource
  readonly ports: Readonly<Record<string, number>>
  readonly volumes?: Readonly<Record<string, string>>
  readonly user?: Owner
  /** Names of secrets to make for each instance. */
  readonly secrets?: readonly string[]
  /** Secret files in `/run/secrets` by name; `{{secrets.NAME}}`. */
  readonly secretFiles?: Readonly<Record<string, string>>
  /** Default: what the image says. */
  readonly command?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether `env` may have `{{secrets.NAME}}`; everybody who may inspect the engine can read it then. Default: false. */
  readonly secretsInEnvironment?: boolean
  readonly versions?: RecipeVersions
  /** How it runs on the embedded engine; absent: the recipe needs Docker. `command` defaults to the one above. */
  readonly embedded?: { readonly folder: string; readonly command?: readonly string[] }
  readonly ready: ReadyStrategy
  readonly readyTimeoutMs?: number
  readonly plans: Readonly<Record<PlanName, PlanLimits>>
  readonly credentials: { readonly [key: string]: Template }
  readonly syslog_drain_url?: string
  /** Makes the login of a binding. Absent: all bindings get the same credentials. */
  readonly bind?: CommandTemplate
  /** Takes it away; must not fail when it is gone already. */
  readonly unbind?: CommandTemplate
}

/**
 * Makes a recipe of any image by configuration.
 * @example
 * containerRecipe({
 *   name: 'echo', image: 'ghcr.io/example/echo:1', ports: { http: 8080 }, ready: portOpen('http'),
 *   plans: { small: { memoryMb: 128 } }, credentials: { uri: 'http://{{host}}:{{ports.http}}/' },
 * })
 */
export function containerRecipe<const PlanName extends string>(
  options: ContainerRecipeOptions<PlanName>,
): Recipe<PlanName> {
  const { command, env, embedded, secretFiles, credentials, syslog_drain_url, bind, unbind, ...common } = options
  return defineRecipe({
    ...common,
    ...(embedded && { embedded: { folder: embedded.folder } }),
    ...(secretFiles && { secretFiles: ({ secrets }) => fillTexts(secretFiles, { secrets }) }),
    process: ({ place, secrets }) => {
      const line = place.engine === 'embedded' ? (embedded?.command ?? command) : command
      const variables = placeVariables(place)
      return {
        ...(line && { command: line.map((part) => fillText(part, variables)) }),
        env: fillTexts(env ?? {}, common.secretsInEnvironment ? { ...variables, secrets } : variables),
      }
    },
    async bind(input) {
      const open = openVariables(input)
      const secret = { ...open, password: input.password, secrets: input.secrets }
      if (bind) await input.run(...filled(bind, open, secret))
      const drain = syslog_drain_url === undefined ? {} : { syslog_drain_url: fillText(syslog_drain_url, secret) }
      return { credentials: fill(credentials, secret) as NonNullable<BindResult['credentials']>, ...drain }
    },
    async unbind(input) {
      const open = openVariables(input)
      if (unbind) await input.run(...filled(unbind, open, { ...open, secrets: input.secrets }))
    },
  })
}

function placeVariables({ host, ports, paths }: Place): Variables {
  return { listen: { host, ports }, volumes: paths }
}

function openVariables({ host, ports, place, binding_id, username }: RecipeBindInput | RecipeUnbindInput): Variables {
  return { ...placeVariables(place), host, ports, binding_id, username }
}

function filled({ command, stdin }: CommandTemplate, open: Variables, secret: Variables): [string[], string] {
  return [command.map((part) => fillText(part, open)), fillText(stdin ?? '', secret)]
}

function fillTexts(texts: Readonly<Record<string, string>>, variables: Variables): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fillText(text, variables)]))
}
