import { orphanMitigationBy } from 'osb-protocol'
import { bodyOf, type Sent } from '../sent.js'
import { accepts, answered, hasObject, type Question, type Reading, waits } from './reading.js'

/** What the service catalog of Kubernetes makes of an answer, by its own client. */
export function readAsKubernetes(question: Question): Reading {
  const { operation, sent } = question
  if (operation === 'lastInstanceOperation' || operation === 'lastBindingOperation') return readPoll(sent)
  const { status } = sent
  const isDelete = operation === 'unbind' || operation === 'deprovision'
  const isTaken = status === 200 || status === 201 || status === 202 || (isDelete && status === 410)
  // Its client wants a JSON body even of a 410.
  if (isTaken && hasObject(sent)) return status === 202 ? waits('it polls') : accepts(answered(sent))
  const why = isTaken ? 'the body is no JSON object' : `${answered(sent)} is none that it takes`
  if (operation === 'fetchInstance') return accepts('it never fetches instances')
  const mitigation = orphanMitigationBy(
    'kubernetes',
    operation,
    status === 0 ? { ending: 'timed-out' } : { ending: 'answered', status, wellFormed: hasObject(sent) },
  )
  return mitigation === 'none'
    ? { ruling: 'refuses', why }
    : { ruling: 'mitigates', why: `${why}; it deletes the ${mitigation}` }
}

function readPoll(sent: Sent): Reading {
  const { state } = bodyOf(sent)
  if (sent.status === 400) return { ruling: 'refuses', why: 'a 400 to a poll ends the operation' }
  if (sent.status === 410) return accepts('410: what was deleted is gone')
  if (sent.status === 200 && state === 'succeeded') return accepts('succeeded')
  if (sent.status === 200 && state === 'failed') return { ruling: 'refuses', why: 'the operation has failed' }
  return waits(state === 'in progress' ? 'in progress' : `${answered(sent)} to a poll: it tries again`)
}
