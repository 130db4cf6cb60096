// `npm run fuzz`: the property tests of random requests and of mutated documents, 20,000 of them or OSB_FUZZ_RUNS;
// OSB_FUZZ_SEED repeats a run.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const RUNS = process.env['OSB_FUZZ_RUNS'] ?? '20000'

const { status } = spawnSync(
  process.execPath,
  [
    join(dirname(fileURLToPath(import.meta.url)), 'test.mjs'),
    '--project',
    'osb-server',
    '--project',
    'vcap-services',
    'test/fuzz/',
    ...process.argv.slice(2),
  ],
  { env: { ...process.env, OSB_FUZZ_RUNS: RUNS }, stdio: ['ignore', 'inherit', 'inherit'] },
)
process.exitCode = status ?? 1
