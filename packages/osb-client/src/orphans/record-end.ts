import type { PendingOperation } from '../operations/waiting-calls.js'
import type { PollingEnd } from '../polling/poll-operation.js'
import type { Session } from '../session.js'
import { subjectOf } from './record-create.js'

/** Writes down how a polled create or delete ended. A delete that failed leaves what was known of the resource. */
export async function recordEnd(
  { ledger, origin, prefix }: Session,
  pending: PendingOperation & { readonly requestIdentity: string },
  end: PollingEnd['end'],
): Promise<void> {
  const { operation } = pending
  if (!ledger || operation === 'update') return
  const target = operation === 'bind' || operation === 'unbind' ? 'binding' : 'instance'
  const subject = subjectOf(target, { ...pending, broker: origin + prefix })
  const isDone = end === 'succeeded' || end === 'gone'
  if (operation === 'provision' || operation === 'bind')
    await ledger.write({ ...subject, state: isDone ? 'created' : 'orphan' })
  else if (isDone) await ledger.write({ ...subject, state: 'deleted' })
}
