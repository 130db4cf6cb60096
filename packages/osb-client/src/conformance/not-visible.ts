import type { NotVisible } from './result.js'

/** The rules for brokers that no request can show to be met or not, and why. */
export const notVisible: readonly NotVisible[] = [
  { requirement: 'GEN-03', reason: 'what a broker expects of later versions does not show in its answers' },
  {
    requirement: 'AUTH-02',
    reason:
      'TLS often ends at a router before the broker, and the run sees its own way only; whether logins are checked, AUTH-06 shows',
  },
  { requirement: 'AUTH-03', reason: 'it is settled between people before the first request' },
  {
    requirement: 'ERR-14',
    reason: 'no request is sure to make a broker fail with 5xx; where one does, ERR-13 looks at what is left',
  },
  { requirement: 'CAT-07', reason: 'a run sees the catalog of one time, not how it changes over the years' },
  { requirement: 'CAT-12', reason: 'it is a definition; CAT-19 and CAT-34 use it' },
  { requirement: 'CAT-13', reason: 'a request names offerings and plans by id, so that a broker compares no names' },
  { requirement: 'SYN-01', reason: 'the text says no number for "promptly"; the report has the time of each request' },
  { requirement: 'SYN-02', reason: 'how surely the work was done with the response, only the broker knows' },
  {
    requirement: 'RTE-04',
    reason: 'whether the platform is to proxy, or that is set up elsewhere, only the broker knows',
  },
  {
    requirement: 'RTE-05',
    reason: 'whether the platform is to proxy, or that is set up elsewhere, only the broker knows',
  },
  { requirement: 'BMD-01', reason: 'it is about apps that use a binding, not about what a broker answers' },
  {
    requirement: 'BRES-06',
    reason: 'a permission that was granted in CredHub does not show in an answer of the broker',
  },
]
