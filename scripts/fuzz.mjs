// `npm run fuzz`: the property tests of random requests and of mutated documents, 20,000 of them or OSB_FUZZ_RUNS, and
// those of the lifecycle against its model, a fortieth of that on each store or OSB_MODEL_RUNS. OSB_FUZZ_SEED repeats a run.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const RUNS = process.env['OSB_FUZZ_RUNS'] ?? '20000'
// A sequence of the model takes much longer than a request, above all on a database.
const MODEL_RUNS = process.env['OSB_MODEL_RUNS'] ?? String(Math.ceil(Number(RUNS) / 40))

const { status } = spawnSync(
  process.execPath,
  [
    join(dirname(fileURLToPath(import.meta.url)), 'test.mjs'),
    '--project',
    'osb-server',
    '--project',
    'vcap-services',
    'test/fuzz/',
    'test/model/',
    ...process.argv.slice(2),
  ],
  { env: { ...process.env, OSB_FUZZ_RUNS: RUNS, OSB_MODEL_RUNS: MODEL_RUNS }, stdio: ['ignore', 'inherit', 'inherit'] },
)
process.exitCode = status ?? 1
