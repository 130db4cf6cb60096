// `npm run matrix`: the checks of the conformance checker against the deliberately broken brokers, each broker with every
// check. CI gives each broker the checks only that it is to be found by. Prints what each check finds.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const { status } = spawnSync(
  process.execPath,
  [
    join(dirname(fileURLToPath(import.meta.url)), 'test.mjs'),
    '--project',
    'osb-client',
    'test/conformance/matrix',
    ...process.argv.slice(2),
  ],
  { env: { ...process.env, OSB_MATRIX: 'all' }, stdio: ['ignore', 'inherit', 'inherit'] },
)
process.exitCode = status ?? 1
