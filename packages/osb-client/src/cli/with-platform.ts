import { openPlatform, type Platform, type PlatformOptions } from '../platform/open-platform.js'
import type { PlatformProfile } from '../platform/profiles.js'
import { stateFolder } from '../platform/state-file.js'
import { readBrokerTarget } from './broker-target.js'
import { usageError } from './cli-error.js'
import { curlCommand } from './curl-command.js'
import type { Shown, VerbContext } from './verb.js'

/** What a verb needs besides the state. */
export interface PlatformNeeds {
  /**
   * Whether the broker of `--url` or `OSB_URL` counts, and its catalog is read first.
   * @default 'login': it counts for the login of brokers that are not registered
   */
  readonly unregistered?: 'catalog' | 'login' | 'none' | undefined
}

/** Opens the platform for one verb, and closes it after. */
export async function withPlatform(
  context: VerbContext,
  use: (platform: Platform) => Promise<Shown>,
  { unregistered = 'login' }: PlatformNeeds = {},
): Promise<Shown> {
  const target = unregistered === 'none' ? undefined : await readBrokerTarget(context)
  const platform = openPlatform({
    ...platformOptions(context),
    ...(target && { unregistered: { ...target } }),
  })
  try {
    if (unregistered === 'catalog') await platform.readUnregistered(context.signal)
    return await use(platform)
  } finally {
    await platform.close()
  }
}

/** The options that the command line gives to every platform. */
export function platformOptions(context: VerbContext): PlatformOptions {
  const { values, env, stderr, clock } = context
  return {
    folder: stateFolder(env),
    profile: profileOf(values.profile ?? env['OSB_PROFILE'] ?? 'cf'),
    clock,
    ...(values.curl === true && {
      onRequest: (request) =>
        void stderr.write(`${curlCommand(request, { showsSecrets: values['show-secrets'] === true })}\n`),
    }),
  }
}

function profileOf(name: string): PlatformProfile {
  if (name === 'cf' || name === 'kubernetes') return name
  throw usageError(`there is no profile ${name}`, 'Give --profile cf or --profile kubernetes.')
}
