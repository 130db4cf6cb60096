import type { Probe } from './check.js'

/** Which versions of the API a broker takes: what it finds is said in its result, whatever that is. */
export const apiVersionsProbe: Probe = {
  id: 'probe:api-versions',
  rule: 'A broker takes each version from 2.11 to 2.17, or refuses it with 412 and says which it needs. Cloud Foundry sends 2.15 and does not try another.',
  chapter: 'API version header',
  requirements: ['VER-03', 'VER-04'],
}
