import { apiVersionsProbe } from './api-versions-probe.js'
import type { Probe } from './check.js'

const probe = (id: string, chapter: string, rule: string, ...requirements: readonly string[]): Probe => ({
  id: `probe:${id}`,
  rule,
  chapter,
  requirements,
})

const together = 'Together'
const hostile = 'Hostile input'
const cut = 'Lost connections'
const restarts = 'Restarts'

/** All probes, in the order of the report. Each says what Cloud Foundry does where a broker does otherwise. */
export const probes: readonly Probe[] = [
  apiVersionsProbe,
  probe(
    'parallel-provisions',
    together,
    'Ten times the same provision at once makes one instance. Cloud Foundry sends one at a time, but a proxy between may repeat it; a broker that fails then leaves an orphan, which Cloud Foundry deletes only after some errors.',
    'PROV-13',
    'BLK-02',
  ),
  probe(
    'parallel-conflicts',
    together,
    'Of different provisions of one id at once one is taken, the others are refused. Cloud Foundry would show parameters that were overwritten.',
    'PROV-19',
  ),
  probe(
    'parallel-binds',
    together,
    'Ten times the same bind at once makes one binding. Cloud Foundry would give an app credentials that another answer has replaced.',
    'BIND-23',
    'BLK-02',
  ),
  probe(
    'parallel-deletes',
    together,
    'Ten deletes of an instance at once all end well. Cloud Foundry shows a 500 as a failed delete, and the user has to repeat it.',
    'DEP-13',
  ),
  probe(
    'defaults-filled-in',
    together,
    'A repeat that names the defaults of the schema is the same provision. Cloud Foundry never repeats with other parameters; platforms that fill in defaults would get a conflict.',
    'PROV-12',
    'PROV-19',
  ),
  probe(
    'hostile-ids',
    hostile,
    'Ids with reserved or foreign characters, or of 5,000 characters, are taken as they are or refused with 4xx. Cloud Foundry sends GUIDs only; other platforms may not.',
    'URL-01',
    'URL-03',
  ),
  probe(
    'ids-case',
    hostile,
    'Ids that differ by case only are two. Cloud Foundry sends lower case only; on other platforms the wrong instance could be deleted.',
    'URL-01',
  ),
  probe(
    'hostile-bodies',
    hostile,
    'Bodies that are deep, large, or name what a language reserves are taken or refused with 4xx. Cloud Foundry passes on whatever parameters a user gives, and after a 5xx deletes what it takes for an orphan.',
    'CT-03',
    'ERR-01',
  ),
  probe(
    'hostile-headers',
    hostile,
    'Headers that cannot be read are ignored or refused with 4xx. Cloud Foundry sends its own only, but a proxy may add to them.',
    'OID-10',
    'VER-03',
  ),
  probe(
    'fuzzed-bodies',
    hostile,
    'Provisions with a member of a wrong type, from the seed of the run, are refused with 4xx or taken, and never end in 5xx.',
    'PROV-17',
  ),
  probe(
    'plan-of-other-offering',
    hostile,
    'A plan of another offering is refused. Cloud Foundry never asks for one, so that only a mistake of a platform shows it.',
    'PROV-17',
  ),
  probe(
    'operation-ignored',
    hostile,
    'A poll that names an operation that has ended is not told the state of another one that runs. Cloud Foundry runs one operation at a time; a platform that polls an old one would take the state of the newer for its own.',
    'LOI-11',
    'LOB-13',
    'LOB-08',
  ),
  probe(
    'secrets-in-errors',
    hostile,
    'Errors repeat neither parameters nor the login. Cloud Foundry shows the description of an error to the user and writes it to its log.',
    'ERR-04',
  ),
  probe(
    'cut-connection',
    cut,
    'When the platform hangs up during a provision or a bind, wherever in the request or the answer, a delete finds all that was made: it ends well, its repeat is answered 410, and a fetch finds nothing. Cloud Foundry does so after each provision that ran out of time.',
    'ORPH-01',
    'DEP-01',
    'DEP-16',
  ),
  probe(
    'restart-keeps-state',
    restarts,
    'What was made before a restart of the broker is there after it. Cloud Foundry keeps its own record, and gets errors for each instance that the broker no longer knows.',
    'PROV-12',
    'BIND-23',
  ),
  probe(
    'restart-ends-operations',
    restarts,
    'What the broker was making when it was restarted goes on or has failed, and a delete finds it. Cloud Foundry polls for up to a week, then marks the instance as failed and deletes it.',
    'LOI-08',
    'ORPH-01',
    'DEP-01',
  ),
]
