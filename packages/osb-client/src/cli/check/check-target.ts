import { clientOptionsOf } from '../../platform/open-clients.js'
import { findBroker } from '../../platform/find.js'
import { openStateFile, stateFolder } from '../../platform/state-file.js'
import { recordOf } from '../../platform/unregistered.js'
import { readBrokerTarget } from '../broker-target.js'
import { usageError } from '../cli-error.js'
import type { VerbContext } from '../verb.js'

/** Where the broker is that is to be checked, and how to connect to it. */
export async function readCheckTarget(context: VerbContext, source: string | undefined) {
  const isName = source !== undefined && !/^https?:/.test(source)
  const target = isName ? undefined : await readBrokerTarget(context, source)
  if (!isName && !target) throw usageError('no broker was named', 'Give a URL, or the name of a registered broker.')
  const broker = target ? recordOf(target) : findBroker(openStateFile(stateFolder(context.env)).read(), source ?? '')
  const settings = { profile: 'cf', polling: 'quick', unregistered: target, onRequest: undefined } as const
  const { url, auth, tls, proxy } = clientOptionsOf(broker, settings, '', {})
  return { url, auth, tls, proxy }
}
