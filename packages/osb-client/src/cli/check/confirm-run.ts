import type { ConformanceEstimate } from '../../conformance/conformance-options.js'
import { askYes, canAsk } from '../ask-yes.js'
import { CliError, usageError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { printable } from '../table.js'
import { type CheckContext, countOf } from './read-check-options.js'

/** Says what a run would create, and asks whether it may: on a real broker that costs money and minutes. */
export async function confirmRun(context: CheckContext, estimate: ConformanceEstimate): Promise<boolean> {
  const { values, note } = context
  const { plans, instances, parallel } = estimate
  const most = countOf('max-instances', values['max-instances'], 0)
  note(
    `Up to ${instances} service instances are created and deleted again, ${parallel} at the same time, of the plans:`,
  )
  for (const { name, free } of plans) note(`  ${printable(name)}${free ? '' : ' (not free)'}`)
  note(`If each takes a minute, that is ${minutes(Math.ceil(instances / parallel))}.`)
  if (most !== undefined && instances > most)
    throw new CliError(
      'TOO_MANY_INSTANCES',
      `this takes up to ${instances} service instances, and --max-instances allows ${most}`,
      'Name fewer plans (--plan), fewer checks (--only), or a higher number.',
      exitCodes.usage,
    )
  if (values.yes === true) return true
  if (!canAsk(context))
    throw usageError('nobody is here to be asked', 'Give --yes to create instances, or --safe to create none.')
  return askYes(context, 'Go on?')
}

const minutes = (count: number): string => (count === 1 ? 'a minute' : `up to ${count} minutes`)
