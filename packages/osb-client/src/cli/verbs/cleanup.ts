import { exitCodes } from '../exit-codes.js'
import { isPlatformError } from '../../platform/platform-error.js'
import { withProgress } from '../progress.js'
import { formatTable } from '../table.js'
import { defineVerb } from '../verb.js'
import { withBrokers } from '../with-platform.js'

export const verb = defineVerb({
  arguments: '',
  options: {},
  details:
    'Finishes what an osb left that was killed: takes away what a run had ordered, what nobody knows the end of and what\nfailed creates left at a broker, repeats deletes, and waits for what brokers still work on. What other processes are\nat is left alone.',
  example: 'osb cleanup',
  run: (context) =>
    withBrokers(context, async (platform) => {
      const { signal } = context
      const steps = await withProgress(context, 'Looking for what was left', (onProgress) =>
        platform.cleanUp({ signal, onProgress }),
      )
      const shown = steps.map(({ kind, name, guid, outcome, error }) => ({
        kind,
        name,
        guid,
        outcome,
        error:
          error === undefined ? null : { message: error.message, next: isPlatformError(error) ? error.next : null },
      }))
      const failed = shown.filter(({ outcome }) => outcome === 'failed')
      for (const { error } of failed) if (error) context.note(`${error.message}${error.next ? `\n${error.next}` : ''}`)
      const rows = shown.map(({ kind, name, outcome }) => [kind, name, outcome])
      return {
        json: { steps: shown },
        text:
          rows.length === 0
            ? 'Nothing was left.\n'
            : formatTable(['what', 'instance', 'outcome'], rows, context.stdout),
        exitCode: failed.length > 0 ? exitCodes.failed : exitCodes.fine,
      }
    }),
})
