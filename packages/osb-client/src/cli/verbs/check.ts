import { ConformanceError } from '../../conformance/conformance-error.js'
import { toJson } from '../../conformance/reports/to-json.js'
import { toAnnotations } from '../../conformance/reports/to-markdown.js'
import { toTerminal } from '../../conformance/reports/to-terminal.js'
import type { ConformanceReport } from '../../conformance/result.js'
import { runConformance } from '../../conformance/run-conformance.js'
import { openCheckRecord } from '../../platform/checks.js'
import { stateFolder } from '../../platform/state-file.js'
import { checkOptions } from '../check/check-options.js'
import { readCheckTarget } from '../check/check-target.js'
import { confirmRun } from '../check/confirm-run.js'
import { type CheckContext, readCheckOptions } from '../check/read-check-options.js'
import { readLeftovers } from '../check/read-leftovers.js'
import { restartCommandOf } from '../check/restart-broker.js'
import { showSteps } from '../check/show-steps.js'
import { writeReports } from '../check/write-reports.js'
import { CliError, usageError } from '../cli-error.js'
import { exitCodeOfSignal, exitCodes } from '../exit-codes.js'
import { InterruptedBy } from '../interrupted-by.js'
import { isTerminal } from '../style.js'
import { printable } from '../table.js'
import { defineVerb, type Shown } from '../verb.js'

export const verb = defineVerb({
  arguments: '[BROKER]',
  options: checkOptions,
  details:
    'BROKER is a URL (its login by OSB_USERNAME and OSB_PASSWORD) or the name of a registered broker. Instances are created\nand deleted again; what would be created is said and asked first. Exit code 1: a MUST is broken. 2: the check itself\nfailed. Ctrl-C ends the check and cleans up; after a crash, "osb cleanup" does.',
  example:
    'osb check http://127.0.0.1:8080\nosb check collector --yes --junit report.xml --html report.html\nosb check https://broker.example --safe',
  async run(context): Promise<Shown> {
    const failOn = failOnOf(context)
    const { report, declined, failure } = await check(context)
    if (declined || !report) return { json: { cancelled: true }, text: 'Nothing was created.\n' }
    writeReports(context, report)
    const left = await readLeftovers(context)
    for (const line of left) context.note(`Left in the back end: ${printable(line)}`)
    for (const { instance_id, binding_id, reason } of report.leftovers)
      context.note(`Not deleted: ${binding_id ?? instance_id} (${printable(reason)})`)
    if (failure !== undefined) context.note(`${failure}: nothing was probed of a restart. Try the command on its own.`)
    const isWhole = failure === undefined && report.leftovers.length === 0
    const exitCode = exitCodeOf(context, report, failOn, { isClean: left.length === 0, isWhole })
    const backEnd = context.values['leftovers-command'] === undefined ? {} : { leftInBackEnd: left }
    return { json: { ...(JSON.parse(toJson(report)) as object), ...backEnd }, text: textOf(context, report), exitCode }
  },
})

async function check(context: CheckContext): Promise<{
  readonly report?: ConformanceReport
  readonly declined: boolean
  readonly failure?: string | undefined
}> {
  const options = readCheckOptions(context)
  const command = restartCommandOf(context)
  const target = await readCheckTarget(context, context.args[0])
  const record = context.values.safe === true ? undefined : await openCheckRecord(stateFolder(context.env))
  const steps = showSteps(context)
  let refused: Error | undefined
  try {
    const run = runConformance({
      ...target,
      ...options,
      restart: command?.restart,
      ledger: record?.ledger,
      signal: context.signal,
      clock: context.clock,
      confirm: (estimate) =>
        confirmRun(context, estimate).catch((error: unknown) => {
          refused = error as Error
          return false
        }),
      onProgress: (text) => steps.step(text),
    })
    for (let next = await run.next(); ; next = await run.next())
      if (next.done) return { report: next.value, declined: false, failure: command?.failure() }
  } catch (error) {
    if (refused) throw refused
    if (!(error instanceof ConformanceError)) throw error
    if (error.code === 'DECLINED') return { declined: true }
    throw new CliError(error.code, error.message, nextOf(error), exitCodes.usage)
  } finally {
    steps.end()
    await record?.close()
  }
}

function nextOf({ code }: ConformanceError): string {
  if (code === 'NO_CATALOG') return 'Check the URL, which stands before /v2, the login, and that the broker runs.'
  if (code === 'NO_SUCH_PLAN') return 'Run "osb catalog" to see the plans that there are.'
  return 'Give IDs of the requirements such as PROV-13, or the beginning of one, such as PROV.'
}

type FailOn = 'should' | 'probe'

function failOnOf({ values }: CheckContext): readonly FailOn[] {
  return (values['fail-on'] ?? []).map((text) => {
    if (text === 'should' || text === 'probe') return text
    throw usageError(`there is no --fail-on ${text}`, 'Give --fail-on should, --fail-on probe, or both.')
  })
}

function exitCodeOf(
  { signal }: CheckContext,
  { results }: ConformanceReport,
  failOn: readonly FailOn[],
  { isClean, isWhole }: { readonly isClean: boolean; readonly isWhole: boolean },
): number {
  const isFinding = ({ kind, outcome }: ConformanceReport['results'][number]): boolean => {
    if (kind === 'probe') return failOn.includes('probe') && (outcome === 'warning' || outcome === 'fail')
    return outcome === 'fail' || (outcome === 'warning' && failOn.includes('should'))
  }
  if (signal.aborted && signal.reason instanceof InterruptedBy) return exitCodeOfSignal(signal.reason.signalName)
  if (!isClean || results.some(isFinding)) return exitCodes.failed
  return isWhole ? exitCodes.fine : exitCodes.usage
}

function textOf({ values, stdout, env }: CheckContext, report: ConformanceReport): string {
  const color = isTerminal(stdout, env) && (env['NO_COLOR'] ?? '') === ''
  const annotations = values.annotations === true ? toAnnotations(report) : ''
  return `${annotations}${toTerminal(report, { color, all: values.all === true })}`
}
