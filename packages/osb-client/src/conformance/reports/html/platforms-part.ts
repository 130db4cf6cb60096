import type { PlatformRuling, PlatformStep, PlatformVerdict } from '../../result.js'
import { markup, type Markup } from './markup.js'
import { exchangePart } from './parts.js'

const tones: Readonly<Record<PlatformRuling, string>> = {
  accepts: 'pass',
  waits: 'note',
  refuses: 'fail',
  mitigates: 'fail',
}

/** What Cloud Foundry and Kubernetes would make of the broker, plan by plan. */
export function platformsPart(platforms: readonly PlatformVerdict[]): Markup | undefined {
  if (platforms.length === 0) return undefined
  return markup`<h2>On platforms</h2>
    <p class="shown">No rules of the specification: what the platforms' own code makes of these answers.</p>
    ${platforms.map(verdictPart)} `
}

function verdictPart({ platform, plan, works, catalog, steps, app }: PlatformVerdict): Markup {
  const tone = works ? 'pass' : 'fail'
  return markup`<details class="platform ${tone}">
    <summary>
      <span class="badge">${works ? 'Works' : 'Does not work'}</span><span class="title">${platform}</span>
      ${plan && markup`<span class="subject">${plan.name}</span>`}
    </summary>
    <div class="body">
      ${
        catalog.length > 0 &&
        markup`<p>In the catalog:</p>
          <ul>
            ${catalog.map((fault) => markup`<li>${fault}</li>`)}
          </ul>`
      }
      ${steps.map(stepPart)}
      ${
        app &&
        markup`<p>What an app gets, values hidden:</p>
          <pre>${JSON.stringify(app, undefined, 2)}</pre>`
      }
    </div>
  </details> `
}

const stepPart = ({ operation, ruling, why, exchange }: PlatformStep): Markup =>
  markup`<details class="step">
    <summary>
      <span class="badge ${tones[ruling]}">${ruling}</span> <b>${operation}</b> ${why}
    </summary>
    ${exchangePart(exchange)}
  </details> `
