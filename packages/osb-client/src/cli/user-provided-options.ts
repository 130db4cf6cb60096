import type { UserProvidedService } from '../platform/user-provided.js'
import type { OptionSpecs, ValuesOf } from './option-specs.js'
import { readList, readParameters } from './read-parameters.js'
import type { VerbContext } from './verb.js'

export const userProvidedOptions = {
  credentials: {
    type: 'string',
    short: 'p',
    value: 'JSON|FILE|-',
    help: 'what apps get: an object, a file, @FILE, or -',
  },
  'syslog-drain': { type: 'string', short: 'l', value: 'URL', help: 'where logs go' },
  'route-service': { type: 'string', short: 'r', value: 'URL', help: 'where requests go through' },
  tags: { type: 'string', short: 't', value: 'a,b', help: 'tags of the instance' },
} as const satisfies OptionSpecs

/** What the options say of a user-provided instance. */
export async function readUserProvided(
  context: VerbContext<ValuesOf<typeof userProvidedOptions>>,
): Promise<UserProvidedService> {
  const { credentials, tags } = context.values
  return {
    credentials: await readParameters(context, '-p', credentials),
    syslog_drain_url: context.values['syslog-drain'],
    route_service_url: context.values['route-service'],
    tags: readList(tags),
  }
}
