import { openPlatform, type Platform, type PlatformOptions } from '../platform/open-platform.js'
import type { PlatformProfile } from '../platform/profiles.js'
import { stateFolder } from '../platform/state-file.js'
import { type BrokerTarget, readBrokerTarget } from './broker-target.js'
import { usageError } from './cli-error.js'
import { curlCommand } from './curl-command.js'
import type { VerbContext } from './verb.js'

type Use<Result> = (platform: Platform) => Promise<Result>

/** Opens the platform for a verb that asks no broker, or only those that keep their login. */
export function withPlatform<Result>(context: VerbContext, use: Use<Result>): Promise<Result> {
  return open(context, undefined, use)
}

/** Opens the platform for a verb that asks brokers: for one that is not registered the flags give the login. */
export async function withBrokers<Result>(context: VerbContext, use: Use<Result>): Promise<Result> {
  return open(context, await readBrokerTarget(context), use)
}

/** As {@link withBrokers}, for a verb that orders: the catalog of a broker that is not registered is read first. */
export function withOffers<Result>(context: VerbContext, use: Use<Result>): Promise<Result> {
  return withBrokers(context, async (platform) => {
    await platform.readUnregistered(context.signal)
    return use(platform)
  })
}

async function open<Result>(
  context: VerbContext,
  unregistered: BrokerTarget | undefined,
  use: Use<Result>,
): Promise<Result> {
  const platform = openPlatform({ ...platformOptions(context), unregistered })
  try {
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
