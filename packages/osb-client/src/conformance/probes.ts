import { apiVersionsProbe } from './api-versions-probe.js'
import type { Probe } from './check.js'

/** All probes, in the order of the report. */
export const probes: readonly Probe[] = [apiVersionsProbe]
